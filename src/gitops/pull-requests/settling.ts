import type { Allowance } from '../budget.js';
import type { CommitPlan } from '../plan.js';
import type { Remote } from '../remote.js';
import type { Repository } from '../repository.js';
import type { Host } from './host.js';
import type { MoveBranches } from './own-branches.js';

/** A commit that waits for the merge of a request. */
export interface Wanted {
  readonly branch: string;
  /** Its paths are those of the workspace. */
  readonly plan: CommitPlan;
  /** Equal as long as it is the same decision, whatever evidence came since. Hexadecimal. */
  readonly key: string;
  /** Whether part of the budget is kept for it. */
  readonly urgent: boolean;
  /** That a person runs right now; undefined for what a pass decided. */
  readonly command?: string;
  /** What the request says, its first paragraph the sentence; the trailers are put behind it. Markdown. */
  readonly body: string;
}

/** Why nothing waits on a branch any more. */
export interface Moot {
  /** Or what else the request was for. */
  readonly release: string;
  /** The end of a sentence. */
  readonly reason: string;
}

/** Where requests are opened, and for whom. */
export interface Settling {
  /** At the tip that requests are to be merged into. */
  readonly repository: Repository;
  readonly remote: Remote;
  readonly host: Host;
  readonly moveBranches: MoveBranches;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  /** Of the subjects of commits. */
  readonly template: string;
  readonly allowance?: Allowance | undefined;
  /**
   * Returns why a branch is moot, undefined where nothing is known of that or the branch is none of this workspace.
   *
   * @param paths from the root, that its commit changes: of a release that is gone, they alone tell which it was
   * @default nothing is known of any
   */
  mootOf?(branch: string, paths: readonly string[]): Moot | undefined;
  /** Hears of what stops nothing. */
  tell(text: string): void;
}
