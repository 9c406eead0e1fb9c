import type { Ledger } from '../release/evaluation.js';
import type { Verdict } from '../release/judge.js';
import type { Moves } from '../release/policy.js';
import type { Edit } from '../values/edit.js';
import type { Moved } from './phases/state.js';
import type { Report, Status } from './status.js';

/** What a pass found and decided for one release: data before it is a commit. */
export interface Decision {
  /** The folder of the release below `releases/`. */
  readonly release: string;
  readonly kind: 'advance' | 'hold' | 'promote' | 'roll back';
  readonly candidate: string | undefined;
  /** What the percents are of; undefined where there is no candidate. */
  readonly moves: Moves | undefined;
  /** The candidate's percent before and after. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Further candidates whose percent changes with it. */
  readonly others?: readonly Moved[];
  /** One sentence. */
  readonly reason: string;
  /** What to write; undefined for nothing. */
  readonly change: DecisionChange | undefined;
  /** What was looked at, if the decision rests on evidence. */
  readonly evidence: Evidence | undefined;
  /** What a status would say of this look; undefined where nothing is analysed. */
  readonly report?: Report;
}

/** The windows behind a decision. */
export interface Evidence {
  /** Those that were judged. */
  readonly ledger: Ledger;
  /** Those that `ledger.jsonl` keeps: before the others, windows that tell of silence alone. */
  readonly kept: Ledger;
  readonly verdict: Verdict;
  /** Hash of the queries that were asked. */
  readonly queries: string;
}

/** What a decision changes. */
export interface DecisionChange {
  readonly edits: readonly Edit[];
  /** A fresh baseline whose entry is added after the edits, at the size of a candidate. @default none */
  readonly adds?: { readonly version: string; readonly beside: string };
  /** The version whose entry is taken out after the edits. @default none */
  readonly removes?: string;
  readonly status: Status;
}
