import type { CommitPlan } from './plan.js';

/** The files of the workspace as they stand: those on disk, and over them what is planned already. */
export interface Files {
  /** Returns the text of a file, undefined where there is none. Paths are those of the workspace. */
  read(path: string): string | undefined;
}

/** Why a proposal is dropped: what it rests on has changed since. */
export class Overtaken {
  constructor(readonly reason: string) {}
}

/** A commit that somebody wants to be made. */
export interface Proposal {
  readonly release: string;
  /** Whether it may not wait: it goes first, and part of the budget is kept for it. */
  readonly urgent: boolean;
  /**
   * Returns the commit on these files, undefined for none that is needed. Asked again whenever the branch has moved.
   *
   * @throws GitError, ConfigError or the like when there cannot be one; the others go on
   */
  plan(files: Files): CommitPlan | Overtaken | undefined;
}

/** What became of a proposal. */
export type Outcome =
  /** Only where nothing is to be written. */
  | { readonly kind: 'planned'; readonly plan: CommitPlan }
  | { readonly kind: 'committed'; readonly commit: string; readonly plan: CommitPlan }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'overtaken' | 'deferred'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: Error };
