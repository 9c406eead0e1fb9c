import type { Sample } from '../release/evaluation.js';
import type { Count } from '../stats/count-bet.js';

/** Returns the end of the bucket that a share of all requests lies up to; undefined where no bucket ends above it. */
export function percentileBucket(samples: readonly Sample[], share: number): number | undefined {
  const bounds = samples.at(-1)?.latencyBuckets?.map(({ upTo }) => upTo) ?? [];
  return bounds.filter(Number.isFinite).find((bound) => {
    const counts = samples.flatMap((sample) => requestsAbove(sample, bound) ?? []);
    const [n, e] = counts.reduce(([all, above], count) => [all + count.n, above + count.e], [0, 0]);
    return n > 0 && e <= (1 - share) * n;
  });
}

/** Returns how many requests took longer than a bound; undefined where no bucket of the window ends there. */
export function requestsAbove({ requests, latencyBuckets }: Sample, bound: number): Count | undefined {
  const bucket = latencyBuckets?.find(({ upTo }) => upTo === bound);
  return bucket && { n: requests, e: Math.max(0, requests - bucket.requests) };
}
