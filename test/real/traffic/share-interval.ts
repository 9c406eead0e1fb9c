/** Of a hundred thousand counts of a true share, a hundred may lie outside: fifty below and fifty above. */
const tail = 0.0005;

/**
 * Returns the counts that a share may come to in so many draws: the 99.9 % interval of the binomial distribution, by its
 * exact sums. Of a share of 0 that is exactly none, of 1 exactly all.
 */
export function shareInterval(share: number, draws: number): { readonly least: number; readonly most: number } {
  if (share === 0 || share === 1) return { least: share * draws, most: share * draws };
  return { least: lowest(share, draws), most: draws - lowest(1 - share, draws) };
}

/** The smallest count of which so many or fewer are likelier than the tail. */
function lowest(share: number, draws: number): number {
  let logarithm = draws * Math.log1p(-share);
  let sum = Math.exp(logarithm);
  let count = 0;
  while (sum <= tail) {
    count += 1;
    logarithm += Math.log(((draws - count + 1) / count) * (share / (1 - share)));
    sum += Math.exp(logarithm);
  }
  return count;
}
