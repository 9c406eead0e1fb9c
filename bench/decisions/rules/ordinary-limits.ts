import type { Scenario } from '../../../src/simulate/scenario.js';
import { bucketQuantile } from '../../../src/stats/bucket-quantile.js';
import { normalCdf, normalQuantile } from '../../../src/stats/normal.js';

/** What somebody who knows the service takes as limits. */
export interface Limits {
  /** The least share of requests that succeed. */
  readonly success: number;
  /** The most milliseconds of the percentile. */
  readonly duration: number;
}

const RARE = 0.01;

/**
 * Returns limits that about one in a hundred ordinary minutes breaks, for a candidate with a percent of the requests: of
 * the error rate by the normal approximation, and of a percentile by that of the requests above it.
 */
export function ordinaryLimits({ traffic, baseline }: Scenario, percent: number, percentile: number): Limits {
  const requests = (traffic.rate * 60 * percent) / 100;
  const spread = (share: number) => normalQuantile(1 - RARE) * Math.sqrt((share * (1 - share)) / requests);
  const highest = Math.min(percentile + spread(percentile), 1 - RARE / requests);
  return {
    success: 1 - baseline.errorRate - spread(baseline.errorRate),
    duration: shownPercentile(baseline, highest),
  };
}

/** Returns the percentile that Prometheus shows over a long time, in milliseconds: linear inside a bucket. */
function shownPercentile({ latency: { p50, p95 }, buckets }: Scenario['baseline'], share: number): number {
  const total = 1e9;
  const sigma = Math.log(p95 / p50) / normalQuantile(0.95);
  const counts = buckets.map((upTo) => ({ upTo, requests: total * normalCdf(Math.log(upTo / p50) / sigma) }));
  return bucketQuantile(counts, { total, share })?.value ?? Number.NaN;
}
