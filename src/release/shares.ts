/**
 * Returns integer percents in proportion to `weights`, by largest remainder; ties go to the earlier one.
 * They sum to 100, and weight 0 gets 0.
 *
 * @param weights integers of at least 0, not all 0
 * @throws RangeError when no weight is above 0
 */
export function shares(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) throw new RangeError('no weight is above 0');
  const floors = weights.map((weight) => Math.floor((100 * weight) / total));
  const missing = 100 - floors.reduce((sum, share) => sum + share, 0);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (100 * weight) % total }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) floors[index] = (floors[index] ?? 0) + 1;
  return floors;
}
