import type { Analysis } from './evaluation.js';
import type { Verdict } from './judge.js';

/** What is done when the time is up without a conclusion. */
export type OnInconclusive = 'hold' | 'rollback' | 'promote';

/** What a conclusion leads to. */
export type OnTermination = 'to-winner' | 'to-baseline' | 'keep-last';

/** A share that candidates pass through. */
export interface Step {
  /** Integer percent: the share, or the mirror percent. */
  readonly share: number;
  /** Seconds that a candidate stays at least. */
  readonly duration: number;
  /** Whether it stays until a person takes the pause out of the values. */
  readonly pause: boolean;
}

/** What a person wants of a release, whatever the evidence would allow. */
export interface Override {
  /**
   * `pause` holds it; `resume` lets it go on where the evaluator would pause by itself; `terminate` ends the analysis.
   */
  readonly action: 'pause' | 'resume' | 'terminate';
  /** Percents by version that it ends with; see `primaryBySplit`. @default - as `onTermination` says */
  readonly split?: Shares | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** How long something may be missing, and what then. */
export interface Budget {
  /** Seconds. */
  readonly hold: number;
  /** `ask` pauses the analysis until a person says how to go on. */
  readonly then: 'hold' | 'rollback' | 'ask';
}

/** When nothing may advance. */
export interface Schedule {
  /** Cron expressions: the minutes that they match. */
  readonly hold: readonly string[];
  /** An IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** How a release moves. */
export interface Rollout {
  readonly policy: string;
  /** Rising; empty for policies that choose the shares themselves. */
  readonly steps: readonly Step[];
  /** The most that a candidate gets before a first verdict, in percent; undefined leaves it to the policy. */
  readonly entryShare?: number | undefined;
  /** The most that a candidate's share grows at once, in percent. */
  readonly maxIncrement?: number | undefined;
  /** The most that a candidate ever gets before it is promoted, in percent. */
  readonly maxCandidateWeight?: number | undefined;
  readonly onTermination: OnTermination;
  readonly onInconclusive: OnInconclusive;
  /** Seconds after a promotion in which it is watched and may be taken back. @default 0 */
  readonly rollbackWindow?: number | undefined;
  /** Whether the entry of a version goes once it was replaced, failed or lost, and nothing reaches it any more. @default false */
  readonly cleanup?: boolean | undefined;
  /** While somebody has no data, though the metrics can be read. @default - as long as `maxDuration` */
  readonly onNoData?: Budget | undefined;
  /** While the metrics cannot be read. @default - it is an error of every pass, and holds */
  readonly onMetricsDown?: Budget | undefined;
  readonly schedule?: Schedule | undefined;
  readonly freeze?: Freeze | undefined;
  readonly override?: Override | undefined;
}

/** While it stands, nothing advances and nothing is promoted. */
export interface Freeze {
  readonly reason?: string | undefined;
  /** ISO 8601: when it is over. @default never */
  readonly until?: string | undefined;
  readonly by?: string | undefined;
}

/** Percents by candidate; the baseline has the rest. */
export type Shares = { readonly [candidate: string]: number };

/** What a policy knows of a release. */
export interface PolicyInput {
  readonly verdict: Verdict;
  readonly baseline: string;
  /** At least one. */
  readonly candidates: readonly string[];
  /** The share or mirror percent of every candidate now; 0 before it is routed. */
  readonly shares: Shares;
  /** What the strategy lets a policy move: shares of the requests, percents of copies, or nothing. */
  readonly moves: Moves;
  readonly analysis: Analysis;
  readonly rollout: Rollout;
  /** Seconds since the last one of them was exposed: all have been watched for at least that long. */
  readonly elapsed: number;
  /** Seconds since the shares are what they are. */
  readonly settled: number;
  /** Requests of a window before the first candidate was exposed; undefined where that is not known. */
  readonly traffic: number | undefined;
  /** The most that each of them may have now, in percent. @default - as much as the policy itself allows */
  readonly most?: number | undefined;
}

/** `nothing` where requests go by match alone: a candidate is in the route or not. */
export type Moves = 'shares' | 'copies' | 'nothing';

/** The settings of a rollout that not every policy reads. */
export const policySettings = ['steps', 'entryShare', 'maxIncrement', 'maxCandidateWeight'] as const;

/** A setting of a rollout that not every policy reads. */
export type PolicySetting = (typeof policySettings)[number];

/** What is to be done next, and why. */
export type Move =
  /** The shares change to these. */
  | { readonly kind: 'advance'; readonly shares: Shares; readonly reason: string }
  /** Nothing changes; `ended` says that the analysis is over with that: nothing was concluded, or that is wanted. */
  | { readonly kind: 'hold'; readonly reason: string; readonly ended?: 'inconclusive' | 'kept' }
  | { readonly kind: 'promote'; readonly version: string; readonly reason: string }
  | { readonly kind: 'roll back'; readonly reason: string };

/** Makes a move out of a verdict; pure. */
export interface Policy {
  readonly id: string;
  /** The settings of a rollout that it reads, beside those that all read; any other one is refused. */
  readonly reads: readonly PolicySetting[];
  /**
   * Returns the share at which a candidate that nothing is known of may enter, in percent.
   *
   * @param traffic requests of a window before it enters; undefined where that is not known
   */
  entryShare(rollout: Rollout, traffic: number | undefined): number;
  /** Returns every share that it may choose for one of so many candidates that split the requests, rising. */
  reaches(rollout: Rollout, candidates: number): readonly number[];
  decide(input: PolicyInput): Move;
}
