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
  const counted = countsOf(values);
  if ('missing' in counted) return counted;
  const { bounds, counts } = counted;
  const total = bounds.at(-1) === Number.POSITIVE_INFINITY ? counts.at(-1) : undefined;
  if (total === undefined) return { missing: 'no bucket +Inf, which counts everything' };
  if (total === 0) return { missing: 'no requests in its buckets' };
  return rising(counted, total).map(({ upTo, count }) => ({ upTo, requests: Math.round((count / total) * requests) }));
}

/** The counts of bounds that rise. */
interface Counted {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Most sources tell rising bounds, each once: a pass asks for hundreds of thousands of windows, so that is no work. */
function countsOf(values: readonly BoundedValue[]): Counted | Missing {
  const bounds: number[] = [];
  const counts: number[] = [];
  let isRising = true;
  for (const { upTo, value } of values) {
    const count = typeof value === 'number' ? value : parseQuantity(value);
    if (typeof count !== 'number') return { missing: `${count.unreadable} for the bucket up to ${upTo} ms` };
    isRising &&= bounds.length === 0 || upTo > (bounds.at(-1) as number);
    bounds.push(upTo);
    counts.push(count);
  }
  return isRising ? { bounds, counts } : summed({ bounds, counts });
}

function summed({ bounds, counts }: Counted): Counted {
  const sums = new Map<number, number>();
  bounds.forEach((upTo, i) => {
    sums.set(upTo, (sums.get(upTo) ?? 0) + (counts[i] as number));
  });
  const sorted = [...sums].sort(([a], [b]) => a - b);
  return { bounds: sorted.map(([upTo]) => upTo), counts: sorted.map(([, count]) => count) };
}

/** The finite bounds whose counts do not fall; the same counts summed in another order may differ in the last bits. */
function rising({ bounds, counts }: Counted, total: number): { readonly upTo: number; readonly count: number }[] {
  const found: { upTo: number; count: number }[] = [];
  let below = 0;
  for (let i = 0; i < bounds.length - 1; i += 1) {
    const count = counts[i] as number;
    if (count < below * (1 - ROUNDING) || count > total * (1 + ROUNDING)) continue;
    below = Math.min(Math.max(count, below), total);
    found.push({ upTo: bounds[i] as number, count: below });
  }
  return found;
}

const ROUNDING = 1e-9;
