/**
 * Returns integer percents in proportion to `weights`, by largest remainder; ties go to the earlier one.
 * They sum to 100, and weight 0 gets 0.
 *
 * @param weights integers of at least 0, not all 0
 * @throws RangeError when no weight is above 0
 */
export function shares(weights: readonly number[]): number[] {
  return apportion(weights, 100);
}

/**
 * Returns integers in proportion to `weights` that sum to `total`, by largest remainder (Hamilton's method); ties go to
 * the earlier one. Each differs from its exact quota by less than 1, and weight 0 gets 0.
 *
 * @param weights integers of at least 0, not all 0
 * @param total an integer of at least 0
 * @throws RangeError when no weight is above 0
 */
export function apportion(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((subtotal, weight) => subtotal + weight, 0);
  if (sum <= 0) throw new RangeError('no weight is above 0');
  const parts = weights.map((weight) => Math.floor((total * weight) / sum));
  const missing = total - parts.reduce((subtotal, part) => subtotal + part, 0);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
