import { type Bucket, isSample, type LedgerRow, percentileOf, type Sample } from '../release/evaluation.js';
import { ownMetric } from '../release/own-metric.js';
import { bucketQuantile } from '../stats/bucket-quantile.js';

/** The value of a metric over windows. */
export interface Measurement {
  readonly value: number;
  /** Whether the truth lies above `value`, further than the buckets reach. */
  readonly beyond: boolean;
  /** Of a percentile, between which bounds the truth lies. */
  readonly between?: readonly [number, number] | undefined;
}

/** Whether a window tells of a metric. */
export function tells(sample: Sample, metric: string): boolean {
  const { latencyBuckets, gauges } = sample;
  if (counted.has(metric)) return true;
  if (percentileOf(metric) !== undefined) return latencyBuckets !== undefined;
  return gauges?.[metric] !== undefined || ownMetric(metric, [sample]) !== undefined;
}

/**
 * Returns the value of a metric over the windows that tell of it, undefined without any. Requests are summed, error rate and
 * mean latency are those of all requests together, and a gauge is the mean of its windows. A percentile is an estimate
 * from the windows' buckets: see `bucketQuantile`. What is counted of a metric of one's own is measured like these.
 */
export function measure(metric: string, all: readonly Sample[]): Measurement | undefined {
  const own = ownMetric(metric, all);
  if (own !== undefined) return measure(own.like, all.map(own.windowOf).filter(isSample));
  const samples = all.filter((sample) => tells(sample, metric));
  if (samples.length === 0) return undefined;
  const share = percentileOf(metric);
  if (share !== undefined) return percentile(samples, share);
  if (!counted.has(metric)) {
    const values = samples.flatMap(({ gauges }) => gauges?.[metric] ?? []);
    return exactly(values.reduce((sum, value) => sum + value, 0) / values.length);
  }
  const requests = sumOf(samples, (sample) => sample.requests);
  if (metric === 'request-count') return exactly(requests);
  return exactly(
    sumOf(samples, ({ errors, latencySum }) => (metric === 'error-rate' ? errors : latencySum)) / requests,
  );
}

const counted: ReadonlySet<string> = new Set(['request-count', 'error-rate', 'latency-mean']);

/** Returns the requests of a version in these windows. */
export function requestsIn(rows: readonly LedgerRow[], version: string): number {
  return rows.reduce((sum, { versions }) => {
    const entry = versions[version];
    return sum + (isSample(entry) ? entry.requests : 0);
  }, 0);
}

/** Counts of a bound add up where every window has it; a bound that came or went is left out. */
function percentile(samples: readonly Sample[], share: number): Measurement | undefined {
  const total = sumOf(samples, ({ requests }) => requests);
  const sums = new Map<number, { windows: number; requests: number }>();
  for (const { upTo, requests } of samples.flatMap(({ latencyBuckets = [] }): readonly Bucket[] => latencyBuckets)) {
    const sum = sums.get(upTo) ?? { windows: 0, requests: 0 };
    sums.set(upTo, { windows: sum.windows + 1, requests: sum.requests + requests });
  }
  const buckets = [...sums]
    .flatMap(([upTo, { windows, requests }]) => (windows === samples.length ? [{ upTo, requests }] : []))
    .sort((a, b) => a.upTo - b.upTo);
  const quantile = bucketQuantile(buckets, { total, share });
  if (quantile === undefined || quantile.beyond) return quantile;
  const { value } = quantile;
  const below = buckets.findLast(({ upTo }) => upTo < value)?.upTo ?? 0;
  const above = buckets.find(({ upTo }) => upTo >= value)?.upTo ?? value;
  return { ...quantile, between: [below, above] };
}

function exactly(value: number): Measurement {
  return { value, beyond: false };
}

function sumOf(samples: readonly Sample[], numberIn: (sample: Sample) => number): number {
  return samples.reduce((sum, sample) => sum + numberIn(sample), 0);
}
