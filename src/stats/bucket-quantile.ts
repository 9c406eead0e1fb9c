/** How many values are at most a bound, cumulative. */
interface CumulativeBucket {
  readonly upTo: number;
  readonly requests: number;
}

/** A quantile as far as buckets tell it. */
export interface BucketQuantile {
  readonly value: number;
  /** Whether it lies above every finite bound; `value` is then the largest of them, and the truth is above it. */
  readonly beyond: boolean;
}

/**
 * Estimates the quantile `share` (0 to 1) of `total` values from cumulative buckets by rising bounds, as Prometheus'
 * `histogram_quantile` does: linear inside the bucket that the rank `share × total` falls into, which begins at 0 where
 * it is the first one. It assumes that values spread evenly inside a bucket, so it is off by up to the bucket's width.
 * Counts that fall from one bound to the next, as rates of counters do, are taken as level.
 *
 * Undefined without values or without a finite bound. Prometheus, documentation of `histogram_quantile`, classic buckets.
 *
 * @example bucketQuantile([{ upTo: 100, requests: 50 }, { upTo: 200, requests: 100 }], { total: 100, share: 0.75 }) // 150
 */
export function bucketQuantile(
  buckets: readonly CumulativeBucket[],
  { total, share }: { readonly total: number; readonly share: number },
): BucketQuantile | undefined {
  const finite = buckets.filter(({ upTo }) => upTo < Number.POSITIVE_INFINITY);
  const last = finite.at(-1);
  if (last === undefined || !(total > 0)) return undefined;
  const rank = share * total;
  let from: CumulativeBucket = { upTo: Math.min(0, finite[0]?.upTo ?? 0), requests: 0 };
  for (const { upTo, requests } of finite) {
    if (requests >= rank) {
      const inside = (rank - from.requests) / (requests - from.requests);
      return { value: from.upTo + (upTo - from.upTo) * inside, beyond: false };
    }
    from = { upTo, requests: Math.max(requests, from.requests) };
  }
  return { value: last.upTo, beyond: true };
}
