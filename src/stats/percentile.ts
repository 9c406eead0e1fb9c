/**
 * Returns the percentile `p` (0 to 100) of values in ascending order, NaN of none; R's type 7: the 0th is the smallest
 * value, the 100th the largest, and between two neighbours it is linear.
 *
 * Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996).
 *
 * @example percentile(Float64Array.of(1, 2, 4), 75) // 3
 */
export function percentile(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = 1 + (sorted.length - 1) * (p / 100);
  const below = Math.floor(position);
  const lower = sorted[below - 1] as number;
  const upper = sorted[below] ?? lower;
  return lower + (position - below) * (upper - lower);
}
