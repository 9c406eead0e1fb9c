import type { Counts } from '../../release/evaluation.js';
import { type BoundedValue, latencyBuckets } from '../latency-buckets.js';

/**
 * Returns the events among all; undefined where there are none to be among, or more than all. Counts are rounded, since a source
 * may extrapolate to the bounds of the window.
 */
export function ratioCounts(events: number, all: number): Counts | undefined {
  const count = Math.round(all);
  // The same series summed in another order may differ in the last bits; anything beyond is no rounding.
  if (count === 0 || events > all * (1 + 1e-9)) return undefined;
  return { count, events: Math.min(Math.round(events), count) };
}

/** Returns the sum of so many values, with the mean that they have before their count is rounded. */
export function meanCounts(sum: number, all: number): Counts | undefined {
  const count = Math.round(all);
  return count === 0 ? undefined : { count, sum: (sum / all) * count };
}

/** Returns how the values of a histogram spread, by its bounds above 0; undefined where its buckets do not tell. */
export function histogramCounts(values: readonly BoundedValue[]): Counts | undefined {
  const all = values.find(({ upTo }) => upTo === Number.POSITIVE_INFINITY)?.value;
  const count = Math.round(Number(all));
  if (!(count > 0)) return undefined;
  const buckets = latencyBuckets(values, { requests: count, absence: 'no buckets' });
  if ('missing' in buckets) return undefined;
  return { count, buckets: buckets.flatMap(({ upTo, requests }) => (upTo > 0 ? [{ upTo, count: requests }] : [])) };
}
