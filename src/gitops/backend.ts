import type { GitSettings } from '../values/project/git.js';
import type { CommitPlan } from './plan.js';
import type { Repository } from './repository.js';

/**
 * One way to get commits where others see them. All of them make commits first and then move the branch by one
 * compare-and-swap, so that a pass is there as a whole or not at all.
 */
export interface Backend {
  readonly name: BackendName;
  /** Whether each plan needs a `publish` of its own, since a hook may refuse or change it. @default never */
  oneByOne?(repository: Repository): Promise<boolean>;
  /** The most plans of one `publish`, so that a limit of the server never stops all of them. @default no limit */
  readonly mostAtOnce?: number;
  /**
   * Brings the working copy to the tip that others see, and returns the repository as it stands then.
   *
   * @throws GitError when the tip cannot be reached, or the working copy has commits that nobody else has
   */
  sync(): Promise<Repository>;
  /**
   * Publishes the plans as a chain on `repository.head`, in their order, all or none.
   *
   * @throws GitError when the chain can be published by no other try; then nothing of it is seen by anybody
   */
  publish(repository: Repository, plans: readonly CommitPlan[]): Promise<Published>;
}

/** How commits reach their branch. */
export type BackendName = GitSettings['backend'];

/** What became of a chain. */
export type Published =
  | {
      readonly kind: 'published';
      /** The tip after it; undefined where there is no commit at all. */
      readonly head: string | undefined;
      /** The commit of each plan, undefined for one that changes nothing. */
      readonly commits: readonly (string | undefined)[];
    }
  /** Somebody else moved the branch: nothing was published, and the plans are to be made again after a `sync`. */
  | { readonly kind: 'moved'; readonly reason: string }
  /** One plan cannot be carried out: nothing was published, the others may be without it. */
  | { readonly kind: 'unfit'; readonly plan: CommitPlan; readonly error: Error };

/** What a backend is made of. */
export interface BackendInput {
  /** A folder of the working copy, absolute. */
  readonly directory: string;
  readonly settings: GitSettings;
  /** Where it says what it did beside its task. */
  tell(text: string): void;
  /** Milliseconds after which a server counts as hung. @default 30000 */
  readonly timeout?: number;
}

/** A module of `backends/` has one of these, called `makeBackend`. */
export type MakeBackend = (input: BackendInput) => Backend;
