/** The traffic of one version in one window. */
export interface Sample {
  /** Requests answered, above 0. */
  readonly requests: number;
  /** Of them, those answered with a 5xx status. */
  readonly errors: number;
  /** Sum of the latencies of the requests, in milliseconds. */
  readonly latencySum: number;
}

/** Why a window has no sample, such as `no requests` or `NaN for errors`. */
export interface Missing {
  readonly missing: string;
}

/** One window of a release: the same for every version. */
export interface LedgerRow {
  /** Unix seconds; windows end on multiples of the interval and do not overlap. */
  readonly end: number;
  /** By version name. */
  readonly versions: { readonly [version: string]: Sample | Missing };
}

/** The evidence of a release, oldest window first. */
export interface Ledger {
  /** Length of every window in seconds. */
  readonly interval: number;
  readonly rows: readonly LedgerRow[];
}

/** Whether a window holds a sample. */
export function isSample(entry: Sample | Missing | undefined): entry is Sample {
  return entry !== undefined && 'requests' in entry;
}

/** The metrics that a sample yields. */
export const metricIds = ['request-count', 'error-rate', 'latency-mean'] as const;

/** `request-count` in requests, `error-rate` as a share from 0 to 1, `latency-mean` in milliseconds. */
export type MetricId = (typeof metricIds)[number];

/** What a candidate must fulfil. Limits are inclusive; at least one is given. */
export interface Objective {
  readonly metric: MetricId;
  readonly upperLimit?: number | undefined;
  readonly lowerLimit?: number | undefined;
  /** The candidate's value is at most this many times the baseline's. */
  readonly maxRatio?: number | undefined;
  /** The candidate's value is at least this many times the baseline's. */
  readonly minRatio?: number | undefined;
}

/** How a release is judged. */
export interface Analysis {
  /** Length of a window in seconds. */
  readonly interval: number;
  /** Seconds from the entry of a candidate until it counts as inconclusive. */
  readonly maxDuration: number;
  readonly judge: string;
  readonly objectives: readonly Objective[];
  /** Requests that the baseline and the candidate must each have had before anything is concluded. */
  readonly minRequests: number;
}

/** What is done when the time is up without a conclusion. */
export type OnInconclusive = 'hold' | 'rollback' | 'promote';

/** How a release moves. */
export interface Rollout {
  readonly policy: string;
  /** Integer percents, rising: the shares (or mirror percents) that a candidate passes through. */
  readonly steps: readonly number[];
  readonly onInconclusive: OnInconclusive;
}

/** How one metric of the candidate compares with what is asked of it. */
export type Classification = 'pass' | 'high' | 'low' | 'nodata' | 'error';

/** One objective as it was found. */
export interface Assessment {
  readonly metric: MetricId;
  readonly classification: Classification;
  /** The candidate's value, in the unit of the metric. */
  readonly value: number | undefined;
  /** The baseline's value. */
  readonly baseline: number | undefined;
  /** The limit that decided, in the unit of the metric. */
  readonly limit: number | undefined;
}

/** The judgement on the whole; evidence, not yet a decision. */
export interface Verdict {
  readonly outcome: 'pass' | 'marginal' | 'fail' | 'inconclusive';
  /** One sentence: what was compared, and what is missing. */
  readonly sentence: string;
  readonly assessments: readonly Assessment[];
  /** Requests in the windows that were judged, by version name. */
  readonly requests: { readonly [version: string]: number };
}

/** What a judge looks at. */
export interface JudgeInput {
  readonly ledger: Ledger;
  /** Version names, as in the ledger. */
  readonly baseline: string;
  readonly candidate: string;
  readonly objectives: readonly Objective[];
  readonly minRequests: number;
}

/** Turns evidence into a verdict; pure. */
export interface Judge {
  readonly id: string;
  judge(input: JudgeInput): Verdict;
}

/** What a policy knows of a candidate. */
export interface PolicyInput {
  readonly verdict: Verdict;
  /** The share or mirror percent of the candidate now; 0 before it is routed. */
  readonly share: number;
  readonly rollout: Rollout;
  /** Whether the time for the analysis is up. */
  readonly overdue: boolean;
}

/** What is to be done next, and why. */
export type Move =
  | { readonly kind: 'advance'; readonly share: number; readonly reason: string }
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'promote'; readonly reason: string }
  | { readonly kind: 'roll back'; readonly reason: string };

/** Makes a move out of a verdict; pure. */
export interface Policy {
  readonly id: string;
  /** The share at which a candidate that nothing is known of may enter, in percent. */
  entryShare(rollout: Rollout): number;
  decide(input: PolicyInput): Move;
}

/** Whose traffic is asked for. */
export interface Subject {
  readonly namespace: string;
  /** The Service of the version. */
  readonly service: string;
  /** Who counted: the caller's side, or the server's own where the caller never sees the answer (mirrors). */
  readonly reporter: 'source' | 'destination';
}

/** Windows of equal length, for any number of subjects. */
export interface SampleRequest {
  readonly subjects: readonly Subject[];
  /** Length of a window in seconds. */
  readonly interval: number;
  /** End of the first and the last window, Unix seconds, both multiples of the interval. */
  readonly firstEnd: number;
  readonly lastEnd: number;
}

/** What a source answered. */
export interface SampleAnswer {
  /** The sample of a subject in the window that ends at `end` (Unix seconds), or why there is none. */
  sample(subject: Subject, end: number): Sample | Missing;
  /** The source's own warnings, as it worded them. */
  readonly warnings: readonly string[];
  /** What was asked, in the source's language; hashed into the evidence. */
  readonly queries: readonly string[];
}

/** Reads traffic from somewhere. */
export interface Source {
  /** @throws SourceError when the source cannot be reached or answers with an error */
  read(request: SampleRequest): Promise<SampleAnswer>;
}
