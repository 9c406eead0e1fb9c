/** The primary keeps at least so much of the requests. */
const LEAST_FOR_PRIMARY = 1;

/**
 * Returns the most that each of so many candidates may have, in percent, where a fresh baseline gets as much as the largest
 * of them: 49 for one. Beside the primary alone that is everything.
 */
export function mostBeside(candidates: number): number {
  return Math.floor((100 - LEAST_FOR_PRIMARY) / (candidates + 1));
}
