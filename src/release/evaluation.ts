/** The traffic of one version in one window. */
export interface Sample {
  /** Requests answered, above 0. */
  readonly requests: number;
  /** Of them, those answered with a 5xx status. */
  readonly errors: number;
  /** Sum of the latencies of the requests, in milliseconds. */
  readonly latencySum: number;
  /** How the latencies spread, by rising bounds; absent where the source counts no buckets. */
  readonly latencyBuckets?: readonly Bucket[];
  /** What the metrics measured that are no counts, by their names. */
  readonly gauges?: { readonly [metric: string]: number };
  /** What was counted for metrics of one's own, by the names that they are defined by. */
  readonly custom?: { readonly [metric: string]: Counts };
}

/** What was counted for a metric of one's own: of a ratio `events` among all, of a mean their sum, of a histogram how they spread. */
export type Counts = Counted & (Ratio | Mean | Histogram);

interface Counted {
  /** Of all, a whole number above 0. */
  readonly count: number;
}

interface Ratio {
  readonly events: number;
}

interface Mean {
  /** From 0. */
  readonly sum: number;
}

interface Histogram {
  /** By rising bounds above 0, in the unit of the metric; cumulative. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
}

/** The requests that took at most so long. */
export interface Bucket {
  /** Milliseconds. */
  readonly upTo: number;
  /** Cumulative, as a histogram of Prometheus counts them. */
  readonly requests: number;
}

/** Why a window has no sample, such as `no requests` or `NaN for errors`. */
export interface Missing {
  readonly missing: string;
  /** Whether that is because no request was counted, and not because something else is unknown. @default false */
  readonly idle?: true;
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

/** The metrics that are told of each version: what percentiles lie below is counted by buckets. */
export const metricIds = [
  'request-count',
  'error-rate',
  'latency-mean',
  'latency-p50',
  'latency-p90',
  'latency-p95',
  'latency-p99',
] as const;

/** The metrics that are told of each version beside those, each in its own unit. */
export const gaugeIds = ['request-rate', 'available-replicas'] as const;

/** Returns the share below a percentile of the latency, such as 0.95 for `latency-p95`; undefined for any other metric. */
export function percentileOf(metric: string): number | undefined {
  const percent = /^latency-p(\d{2}(?:\.\d+)?)$/.exec(metric)?.[1];
  return percent === undefined || Number(percent) === 0 ? undefined : Number(percent) / 100;
}

/** Whether the latencies of a release have to be counted by buckets. */
export function readsBuckets({ objectives, rewards }: Pick<Analysis, 'objectives' | 'rewards'>): boolean {
  return [...objectives, ...rewards].some(({ metric }) => percentileOf(metric) !== undefined);
}

/** Returns the metrics of a release that are neither counts nor latencies, each once. */
export function gaugesIn({ objectives, rewards }: Pick<Analysis, 'objectives' | 'rewards'>): readonly string[] {
  const metrics = new Set([...objectives, ...rewards].map(({ metric }) => metric));
  return [...metrics].filter((metric) => !counted.has(metric) && percentileOf(metric) === undefined);
}

/** Returns what a release has to be asked for of what it only shows. */
export function indicatorsIn({
  indicators = [],
}: Pick<Analysis, 'indicators'>): Pick<Analysis, 'objectives' | 'rewards'> {
  return { objectives: indicators.map((metric) => ({ metric })), rewards: [] };
}

const counted: ReadonlySet<string> = new Set(metricIds);

/** A ratio to the baseline and a difference from it, such as 1.05 and 0.0005: at most `ratio × baseline + difference`. */
export interface Margin {
  readonly ratio: number;
  /** In the unit of the metric; of a share, 0.0005 is 0.05 percentage points. */
  readonly difference: number;
}

/** How Kayenta compares and scores a metric, in its own words. What is left out is as there. */
export interface KayentaTerms {
  /** @default - one group for all objectives that name none */
  readonly groups?: readonly string[] | undefined;
  /** @default - by the limits of the objective and its metric */
  readonly direction?: 'increase' | 'decrease' | 'either' | undefined;
  readonly nanStrategy?: 'remove' | 'replace' | undefined;
  readonly outliers?: { readonly strategy: 'keep' | 'remove'; readonly outlierFactor?: number | undefined } | undefined;
  readonly effectSize?: EffectSize | undefined;
  readonly critical?: boolean | undefined;
  readonly mustHaveData?: boolean | undefined;
  readonly muted?: boolean | undefined;
}

/** The effect that a difference must have; 1 is none, or ½ for `cles`. */
interface EffectSize {
  readonly measure?: 'meanRatio' | 'cles' | undefined;
  readonly allowedIncrease?: number | undefined;
  readonly allowedDecrease?: number | undefined;
  readonly criticalIncrease?: number | undefined;
  readonly criticalDecrease?: number | undefined;
}

/** What a candidate must fulfil. Limits are inclusive; which of them a judge takes, it says itself. */
export interface Objective {
  /**
   * `request-count` in requests, `error-rate` as a share from 0 to 1, `latency-mean` and percentiles such as
   * `latency-p95` in milliseconds; any other name is a metric of one's own, in its own unit.
   */
  readonly metric: string;
  readonly upperLimit?: number | undefined;
  readonly lowerLimit?: number | undefined;
  /** The candidate's value is at most this many times the baseline's. */
  readonly maxRatio?: number | undefined;
  /** The candidate's value is at least this many times the baseline's. */
  readonly minRatio?: number | undefined;
  /** From where on the candidate counts as worse than the baseline. */
  readonly harm?: Margin | undefined;
  /** Up to where the candidate counts as no worse than the baseline. */
  readonly nonInferiority?: Margin | undefined;
  /** For the judge `kayenta`. */
  readonly kayenta?: KayentaTerms | undefined;
}

/** What decides between candidates that keep every objective. */
export interface Reward {
  readonly metric: string;
  readonly preferredDirection: 'high' | 'low';
}

/** How far a look goes back: `growing` with the analysis, or so many seconds. */
export type Lookback = 'growing' | number;

/** How a release is judged. */
export interface Analysis {
  /** Length of a window in seconds. */
  readonly interval: number;
  /**
   * Seconds from the entry of a candidate in which its windows tell nothing; what the next two count begins with their end.
   *
   * @default 0
   */
  readonly warmUp?: number | undefined;
  /** Seconds from the entry of a candidate before which it is not promoted. */
  readonly minDuration: number;
  /** Seconds from the entry of a candidate until it counts as inconclusive. */
  readonly maxDuration: number;
  /**
   * The windows that a look rests on: all since the analysis began, or those of the last so many seconds.
   *
   * @default - as the judge has it
   */
  readonly lookback?: Lookback | undefined;
  readonly judge: string;
  /**
   * What candidates are compared with: the primary, or a copy of it at their size that is deployed for that.
   *
   * @default primary
   */
  readonly baseline?: 'primary' | 'fresh' | undefined;
  readonly objectives: readonly Objective[];
  /** The first one counts most. */
  readonly rewards: readonly Reward[];
  /** Metrics that are shown of every version, and judged by nobody. @default none */
  readonly indicators?: readonly string[] | undefined;
  /** Requests that the baseline and the candidate must each have had before anything is concluded. */
  readonly minRequests: number;
  readonly settings: JudgeSettings;
}

/** Settings of single judges, by their ids. */
export interface JudgeSettings {
  readonly threshold?: {
    /** `all` windows together, or `each` for itself. @default all */
    readonly windows?: 'all' | 'each' | undefined;
    /** Failing windows that are allowed, of `each`. @default 0, or any number beside `consecutiveFailures` */
    readonly failures?: number | undefined;
    /** Failing windows in a row that are allowed, of `each`. @default as many as `failures` */
    readonly consecutiveFailures?: number | undefined;
  };
  readonly sequential?: {
    /** The most false rollbacks, as a share of all releases. @default 0.01 */
    readonly falseRollback?: number | undefined;
    /** The most false promotions, as a share of all harmful releases. @default 0.05 */
    readonly falsePromotion?: number | undefined;
  };
  readonly kayenta?: {
    /** It looks at every so many windows. @default 30 */
    readonly windows?: number | undefined;
    /** Scores from 0 to 100. @default 95 and 75 */
    readonly pass?: number | undefined;
    readonly marginal?: number | undefined;
    /** Percent by group; those that are not here share what is left of 100. */
    readonly groupWeights?: { readonly [group: string]: number } | undefined;
  };
  readonly bayesian?: {
    /** The win probability above which there is a winner. @default 0.99 */
    readonly winner?: number | undefined;
    /** The probability of keeping an objective below which a candidate fails. @default 0.01 */
    readonly feasible?: number | undefined;
  };
}

/** One version as metrics may know it. */
export interface Subject {
  /** The application's name. */
  readonly release: string;
  readonly version: string;
  /** The id of the environment whose routes lead to it: KServe's RawDeployment is routed by `gateway-api`. */
  readonly environment: string;
  readonly namespace: string;
  /** The Service of the version; with Knative, its Knative Service. */
  readonly service: string;
  /** The Deployment, InferenceService or model that its pods and models are named by. */
  readonly workload: string;
  /** Who counted: the caller's side, or the server's own where the caller never sees the answer (mirrors). */
  readonly reporter: 'source' | 'destination';
  /**
   * Where it stands in the release's route of the Gateway API, such as `default/reviews/rule/0/backend/1`.
   *
   * @default - no such route
   */
  readonly backends?: readonly string[];
}

/** Windows of equal length, for any number of subjects. */
export interface SampleRequest {
  readonly subjects: readonly Subject[];
  /**
   * Those of them whose samples have to hold `latencyBuckets`, too; a window without is missing.
   *
   * @default none
   */
  readonly bucketsOf?: readonly Subject[];
  /**
   * Those of them whose samples hold a metric among their `gauges` or their `custom`, by its name; a window that nobody
   * knows it of has a sample without.
   *
   * @default none
   */
  readonly gaugesOf?: { readonly [metric: string]: readonly Subject[] };
  /**
   * The same for what is only shown: a window without has a sample all the same.
   *
   * @default none
   */
  readonly shown?: Pick<SampleRequest, 'bucketsOf' | 'gaugesOf'>;
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
  /** The end of the oldest window that it tells of. @default - the first one that was asked for */
  readonly firstEnd?: number | undefined;
}

/** What the pods of one version did in one window: each at a position of its own; undefined where it had no request. */
export type PodWindow = readonly (Sample | undefined)[];

/** What a source answered about pods. */
export interface PodAnswer {
  /** The windows of a subject, oldest first; none where its pods cannot be told apart. */
  windows(subject: Subject): readonly PodWindow[];
  readonly warnings: readonly string[];
}

/** Reads traffic from somewhere. */
export interface Source {
  /** @throws SourceError when the source cannot be reached or answers with an error */
  read(request: SampleRequest): Promise<SampleAnswer>;
  /**
   * Reads the same pod by pod, without gauges. Absent where the source knows of no pods.
   *
   * @throws SourceError as `read` does
   */
  pods?(request: SampleRequest): Promise<PodAnswer>;
  /** Returns the same source for several reads that together take no longer than one may. Absent where none has to wait. */
  together?(): Source;
}
