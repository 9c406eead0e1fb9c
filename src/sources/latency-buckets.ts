import type { Bucket, Missing } from '../release/evaluation.js';
import { parseQuantity } from './traffic-sample.js';

/** The value of one bucket in one window. */
export interface BoundedValue {
  /** Milliseconds; infinite for the bucket that counts everything. */
  readonly upTo: number;
  /** As the source wrote it, or as a count that was read of that. */
  readonly value: string | number;
}

/**
 * Returns how many of the requests took at most so long, by rising bounds, or why nobody knows.
 *
 * A proxy counts a request at once, and adds its duration to the histogram some seconds later. So a window's buckets may
 * hold a few requests less than its counter, which were neither fast nor slow: they are taken in proportion. A bound
 * that holds fewer than one below it is left out: not all pods count by it, or one of them has begun again.
 *
 * @param requests of the window, above 0
 * @param absence what to say without any bucket
 */
export function latencyBuckets(
  values: readonly BoundedValue[],
  { requests, absence }: { readonly requests: number; readonly absence: string },
): readonly Bucket[] | Missing {
  if (values.length === 0) return { missing: absence };
  const counts = new Map<number, number>();
  for (const { upTo, value } of values) {
    const count = typeof value === 'number' ? value : parseQuantity(value);
    if (typeof count !== 'number') return { missing: `${count.unreadable} for the bucket up to ${upTo} ms` };
    counts.set(upTo, (counts.get(upTo) ?? 0) + count);
  }
  const total = counts.get(Number.POSITIVE_INFINITY);
  if (total === undefined) return { missing: 'no bucket +Inf, which counts everything' };
  if (total === 0) return { missing: 'no requests in its buckets' };
  return rising(
    [...counts].sort(([a], [b]) => a - b),
    total,
  ).map(([upTo, count]) => {
    return { upTo, requests: Math.round((count / total) * requests) };
  });
}

/** The finite bounds whose counts do not fall; the same counts summed in another order may differ in the last bits. */
function rising(counts: readonly (readonly [number, number])[], total: number): [number, number][] {
  let below = 0;
  return counts.flatMap(([upTo, count]): [number, number][] => {
    if (upTo === Number.POSITIVE_INFINITY || count < below * (1 - ROUNDING) || count > total * (1 + ROUNDING))
      return [];
    below = Math.min(Math.max(count, below), total);
    return [[upTo, below]];
  });
}

const ROUNDING = 1e-9;
