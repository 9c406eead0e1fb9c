import type { Allowance } from '../budget.js';
import type { CommitPlan } from '../plan.js';
import type { Files, Proposal } from '../proposal.js';
import type { Remote } from '../remote.js';
import type { Repository } from '../repository.js';
import type { Host } from './host.js';

/** A decision that waits for the merge of a request. */
export interface Wanted {
  /** Its folder below that of the releases. */
  readonly release: string;
  readonly proposal: Proposal;
  /** Equal as long as it is the same decision, whatever evidence came since. Hexadecimal. */
  readonly key: string;
  /** Returns what the request says in Markdown, its first paragraph the sentence; the trailers are put behind it. */
  body(plan: CommitPlan): string;
}

/** Where requests are opened, and for whom. */
export interface Settling {
  /** At the tip that requests are to be merged into. */
  readonly repository: Repository;
  readonly remote: Remote;
  readonly host: Host;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  /** Of the subjects of commits. */
  readonly template: string;
  readonly read: Files['read'];
  readonly allowance?: Allowance | undefined;
  /** All of the workspace. */
  readonly releases: readonly string[];
  /** Returns the release that changes at these paths from the root are for; undefined for none of this workspace. */
  releaseAt(paths: readonly string[]): string | undefined;
  /** Returns why no request for a release is wanted any more; undefined where nothing is known of that. */
  whyMoot(release: string): string | undefined;
  /** Hears of what stops nothing. */
  tell(text: string): void;
}
