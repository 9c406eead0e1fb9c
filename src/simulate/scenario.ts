import type { Analysis } from '../release/evaluation.js';
import type { Rollout } from '../release/policy.js';

/** What is played: a service, what is wrong with its candidate, and how that is judged and rolled out. Plain data. */
export interface Scenario {
  readonly traffic: TrafficShape;
  readonly pods: Pods;
  readonly baseline: Baseline;
  /** Undefined where the candidate is the same as the primary. */
  readonly regression: Regression | undefined;
  /** Seconds from a decision until the split is live. */
  readonly sync: number;
  readonly analysis: Analysis;
  readonly rollout: Rollout;
}

/** How many requests there are, of both versions together. */
export type TrafficShape =
  | { readonly shape: 'flat'; readonly rate: number }
  /** A sine over a day, which a release meets at any hour: from `1 - swing` to `1 + swing` times the rate. */
  | { readonly shape: 'diurnal'; readonly rate: number; readonly swing: number }
  | { readonly shape: 'bursts'; readonly rate: number; readonly bursts: Bursts };

/** Times at which everything is worse, for both versions alike. */
export interface Bursts {
  /** Mean seconds between two of them, which begin by chance. */
  readonly every: number;
  /** Seconds. */
  readonly duration: number;
  /** Times the rate of requests, and times the error rate. */
  readonly requests: number;
  readonly errors: number;
}

/** How many pods each version has, and how they differ. */
export interface Pods {
  readonly primary: number;
  readonly candidate: number;
  /** Coefficients of variation between pods. */
  readonly errorVariation: number;
  readonly latencyVariation: number;
  /** How much of a pod's difference stays from window to window: from 0, none, to 1, for good. */
  readonly autocorrelation: number;
}

/** What the primary is like. */
export interface Baseline {
  /** From 0 to 1. */
  readonly errorRate: number;
  /** Milliseconds; between them latencies are log-normal. */
  readonly latency: { readonly p50: number; readonly p95: number };
  /** Rising, in milliseconds. */
  readonly buckets: readonly number[];
}

/** What is wrong with the candidate. */
export interface Regression {
  /** Added to its error rate: 0.01 is one percentage point. */
  readonly errorRate: number;
  /** Times its latency. */
  readonly latency: number;
  /** Seconds from its entry. */
  readonly onset: number;
}
