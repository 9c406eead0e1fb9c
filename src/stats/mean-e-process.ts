import { domainError } from './domain-error.js';
import { type History, type Side, tEProcess } from './t-e-process.js';

/** What a ledger has of a mean: no sum of squares. */
export interface MeanCell {
  /** How many requests; 0 carries no evidence. */
  readonly n: number;
  /** Of their values, such as latencies, in any unit. */
  readonly sum: number;
}

/** One interval. */
export interface MeanRow {
  readonly control: MeanCell;
  readonly treatment: MeanCell;
}

/** Which mean is too much. The null of harm is mean_C ≤ ratio·mean_B + difference; non-inferiority has the opposite null. */
export interface MeanMargin {
  /** κ ≥ 0. With 0 the control is not looked at, and the difference is an upper limit. */
  readonly ratio: number;
  /**
   * In the unit of the values.
   *
   * @default 0
   */
  readonly difference?: number;
  readonly side: Side;
  readonly history?: History;
}

/** A mean over fewer requests is not near enough to normal. */
const enough = 50;

/**
 * Returns ln E after every row: the evidence that the treatment's mean is above the margin (harm) or below it
 * (non-inferiority), from counts and sums alone. As long as the rows; 0 until there is something to compare.
 *
 * Formula: rows are merged until the treatment has 50 requests; then d = x̄_C − κ·x̄_B − difference (negated for
 * non-inferiority), h = 1/(1/n_C + κ²/n_B), and the t e-process of t-e-process.ts, where Σh and the zero-variance rule are.
 * Rows where a version has n = 0 are left out; rows not yet merged leave ln E as it was.
 *
 * Assumptions: means of 50 or more requests are near normal; a variance per request that does not change with time or
 * version. Scale invariant. Throws for a negative or infinite n, for a NaN, and for means beyond ±1e140.
 * Source: STATISTICS.md (b) of this project; Wang and Ramdas, arXiv 2310.03722.
 */
export function meanEProcess(rows: readonly MeanRow[], margin: MeanMargin): Float64Array {
  const { ratio, difference = 0, side, history } = margin;
  if (!(ratio >= 0 && ratio < 1e100 && Math.abs(difference) <= 1e140)) {
    throw domainError('a mean e-process', { required: 'a finite margin ≥ 0', current: `${ratio}, ${difference}` });
  }
  const sign = side === 'harm' ? 1 : -1;
  const values = new Float64Array(rows.length);
  const weights = new Float64Array(rows.length);
  const sizes = new Float64Array(rows.length);
  const blocks = blocksOf(rows, ratio > 0);
  blocks.forEach(({ control, treatment }, i) => {
    const candidate = meanOf(treatment);
    const baseline = ratio === 0 ? 0 : ratio * meanOf(control);
    values[i] = sign * (candidate - baseline - difference);
    weights[i] = 1 / (1 / treatment.n + (ratio === 0 ? 0 : (ratio * ratio) / control.n));
    sizes[i] = Math.abs(candidate) + Math.abs(baseline) + Math.abs(difference);
  });
  const count = blocks.length;
  const cut = (array: Float64Array) => array.subarray(0, count);
  return carried(tEProcess({ values: cut(values), weights: cut(weights), sizes: cut(sizes) }, history), {
    ends: blocks.map(({ end }) => end),
    length: rows.length,
  });
}

interface Block extends MeanRow {
  /** The row that completed it. */
  readonly end: number;
}

function blocksOf(rows: readonly MeanRow[], compares: boolean): Block[] {
  const blocks: Block[] = [];
  let control = { n: 0, sum: 0 };
  let treatment = { n: 0, sum: 0 };
  rows.forEach((row, end) => {
    if (!isCell(row.control) || !isCell(row.treatment)) {
      throw domainError('a mean e-process', { required: 'finite n ≥ 0 and sum', current: JSON.stringify(row) });
    }
    if (row.treatment.n === 0 || (compares && row.control.n === 0)) return;
    control = { n: control.n + row.control.n, sum: control.sum + row.control.sum };
    treatment = { n: treatment.n + row.treatment.n, sum: treatment.sum + row.treatment.sum };
    if (treatment.n < enough) return;
    blocks.push({ control, treatment, end });
    control = { n: 0, sum: 0 };
    treatment = { n: 0, sum: 0 };
  });
  return blocks;
}

function isCell({ n, sum }: MeanCell): boolean {
  return n >= 0 && n < Number.POSITIVE_INFINITY && Number.isFinite(sum);
}

function meanOf({ n, sum }: MeanCell): number {
  const mean = sum / n;
  if (Math.abs(mean) <= 1e140) return mean;
  throw domainError('a mean e-process', { required: 'a mean within ±1e140', current: mean });
}

/** Every row has the value of the last block that ended at or before it. */
function carried(values: Float64Array, { ends, length }: { ends: readonly number[]; length: number }): Float64Array {
  const result = new Float64Array(length);
  ends.forEach((end, i) => {
    result.fill(values[i] as number, end);
  });
  return result;
}
