/**
 * Returns ln Σ e^v, the logarithm of a sum whose terms are given as logarithms.
 *
 * Formula: max + ln Σ e^(v − max); the largest term is 1, so nothing overflows and what underflows would not count.
 * Range: any length; −∞ is a term of zero, an empty list sums to zero (−∞), one +∞ gives +∞, a NaN gives NaN.
 * Accuracy: 1e-15 absolute, or relative where the result is larger than 1.
 * Source: Blanchard, Higham, Higham, "Accurately computing the log-sum-exp and softmax functions", 2021.
 *
 * @example logSumExp([-1000, -1000]) // -999.3068528194401
 */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) return Number.NaN;
    if (value > largest) largest = value;
  }
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] as number) - largest);
  return largest + Math.log(sum);
}
