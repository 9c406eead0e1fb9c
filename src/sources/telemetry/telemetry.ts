import type { Missing, Subject } from '../../release/evaluation.js';

/** How one kind of mesh, gateway or server counts the requests of versions. */
export interface Telemetry {
  readonly id: string;
  /** The labels that tell versions apart, in the order in which the queries group by them. */
  readonly labels: readonly string[];
  /** The counters; more than one where its versions name them otherwise. What each of them counts is added up. */
  readonly generations: readonly Generation[];
  /** Where requests are counted whose durations are not, such as those that nobody answered. @default false */
  readonly leavesUntimed?: boolean;
  /** The bounds in milliseconds by which it counts durations unless it was told others, rising. */
  readonly buckets: readonly number[];
  /** How to have it count by others. @default - nobody can */
  readonly finer?: string;
  /** Returns the values of the labels of every series that counts a subject, in their order; or why there is none. */
  identify(subject: Subject): readonly Identity[] | Missing;
  /** The label that tells the pods of a version apart, where whoever counts stands beside them. @default - they cannot be told */
  readonly pods?: string;
  /** The Deployment behind a subject. @default - it has none of its own */
  readonly deployment?: DeploymentName;
}

/** The values of a telemetry's labels, in their order. */
export type Identity = readonly string[];

/** The counters of one generation. */
export interface Generation {
  /** The counter of requests. */
  readonly requests: string;
  /** The matcher of those that failed. */
  readonly failed: string;
  /** The histogram of durations, without the ending of a series. */
  readonly durations: string;
  /** Of `durations`. */
  readonly unit: Unit;
  /** Matchers that every series has to fit. @default none */
  readonly where?: readonly string[];
  /** Where labels of the telemetry have other names, or more behind the value. @default - they are as in the telemetry */
  readonly origins?: { readonly [label: string]: Origin };
}

export type Unit = 'ms' | 's';

/** The label that holds a value. */
export interface Origin {
  readonly label: string;
  /** An RE2 expression for what follows the value. @default nothing */
  readonly suffix?: string;
}

interface DeploymentName {
  of(subject: Subject): string;
  /** An RE2 expression for what follows that. @default nothing */
  readonly suffix?: string;
}

/**
 * What is read of every subject: `requests`, `errors` and `timed` (those with a duration) are counts, `latency` is a sum
 * in milliseconds, `buckets` are counts by the bound of `le`.
 */
export type Column = 'requests' | 'errors' | 'latency' | 'timed' | 'buckets';

/** Returns the series of a generation that a column is read from, as people know it. */
export function seriesOf({ requests, failed, durations }: Generation, column: Column): string {
  switch (column) {
    case 'requests':
      return requests;
    case 'errors':
      return `${requests}{${failed}}`;
    case 'latency':
      return `${durations}_sum`;
    case 'timed':
      return `${durations}_count`;
    case 'buckets':
      return `${durations}_bucket`;
  }
}
