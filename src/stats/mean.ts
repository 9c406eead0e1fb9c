/**
 * Returns the mean, NaN of no values. A second pass adds what the first one lost to rounding, so that the mean of equal
 * values is that value.
 *
 * Chan, Golub and LeVeque, Algorithms for computing the sample variance, The American Statistician 37 (1983).
 */
export function mean(values: readonly number[]): number {
  const rough = sum(values, 0) / values.length;
  return rough + sum(values, rough) / values.length;
}

function sum(values: readonly number[], origin: number): number {
  let total = 0;
  for (const value of values) total += value - origin;
  return total;
}
