/** Where one sample stands in the order of both. */
export interface RankSum {
  /** Sum of the ranks of the first sample, from 1 for the smallest value; equal values share their mean rank. */
  readonly sum: number;
  /** Sum of t³ − t over the groups of t equal values: 0 without ties. */
  readonly ties: number;
}

/**
 * Returns the rank sum of `x − shift` among `x − shift` and `y`, both finite and in ascending order, by one walk
 * through both: O(n). Exact up to 200,000 values.
 *
 * Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945).
 *
 * @example rankSum(Float64Array.of(2, 3), Float64Array.of(1, 2)) // {sum: 2.5 + 4, ties: 6}
 */
export function rankSum(x: Float64Array, y: Float64Array, shift = 0): RankSum {
  let sum = 0;
  let ties = 0;
  let j = 0;
  for (let i = 0; i < x.length; ) {
    const value = (x[i] as number) - shift;
    for (let from = j; j < y.length && (y[j] as number) < value; from = j) {
      j = endOfEqual(y, j);
      ties += tiesOf(j - from);
    }
    const from = i;
    const below = i + j;
    do i += 1;
    while (i < x.length && (x[i] as number) - shift === value);
    if (y[j] === value) j = endOfEqual(y, j);
    const equal = i + j - below;
    sum += (i - from) * (below + (equal + 1) / 2);
    ties += tiesOf(equal);
  }
  for (let from = j; j < y.length; from = j) {
    j = endOfEqual(y, j);
    ties += tiesOf(j - from);
  }
  return { sum, ties };
}

/** The index after the values that equal the one at `from`. */
function endOfEqual(sorted: Float64Array, from: number): number {
  const value = sorted[from];
  let end = from + 1;
  while (end < sorted.length && sorted[end] === value) end += 1;
  return end;
}

function tiesOf(equal: number): number {
  return equal === 1 ? 0 : equal * (equal * equal - 1);
}
