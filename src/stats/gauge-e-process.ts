import { domainError } from './domain-error.js';
import { type Differences, type History, type Side, tEProcess } from './t-e-process.js';

/** One interval: what a gauge or a custom metric said of each version; null where it said nothing. */
export interface GaugeRow {
  readonly control: number | null;
  readonly treatment: number | null;
}

/** Which value is too much. The null of harm is E[treatment] ≤ ratio·E[control] + difference. */
export interface GaugeMargin {
  /** With 0 the control is not looked at, and the difference is an upper limit. */
  readonly ratio: number;
  /**
   * In the unit of the metric.
   *
   * @default 0
   */
  readonly difference?: number;
  readonly side: Side;
  /**
   * r, the lag-1 autocorrelation of the differences before the release plus one standard error; −1 < r < 1.
   *
   * @default 0
   */
  readonly autocorrelation?: number;
  /** Of differences prewhitened with the same r. */
  readonly history?: History;
}

/**
 * Returns ln E after every row: the evidence that the treatment's gauge is above the margin (harm) or below it
 * (non-inferiority), from one paired difference per interval. As long as the rows; a row without a pair changes nothing.
 *
 * Formula: d_t = treatment − ratio·control − difference (negated for non-inferiority), prewhitened:
 * u_1 = d_1·√(1 − r²), u_t = d_t − r·d_(t−1); after a gap of m intervals (d_t − r^m·d_(t−m))·√((1 − r²)/(1 − r^(2m))),
 * which has the same variance; then the t e-process of t-e-process.ts with h = 1. What must vary for the variance to count is
 * d, since prewhitening alone makes a constant d vary.
 *
 * Assumptions: d is a stationary normal AR(1) around its mean with r no smaller than the true one. Scale invariant.
 * Throws for a NaN, an infinity, a value beyond ±1e140 and |r| ≥ 1. Source: STATISTICS.md (d) of this project.
 */
export function gaugeEProcess(rows: readonly GaugeRow[], margin: GaugeMargin): Float64Array {
  const { ratio, difference = 0, side, autocorrelation: r = 0, history } = margin;
  if (!(Math.abs(ratio) < 1e100 && Math.abs(difference) <= 1e140 && Math.abs(r) < 1)) {
    const current = `${ratio}, ${difference}, ${r}`;
    throw domainError('a gauge e-process', { required: 'finite margins and |r| < 1', current });
  }
  const sign = side === 'harm' ? 1 : -1;
  const seen: Pair[] = [];
  rows.forEach((row, at) => {
    const pair = pairOf(row, { at, ratio, difference, sign });
    if (pair !== undefined) seen.push(pair);
  });
  const logE = tEProcess(differencesOf(seen, r), history);
  const result = new Float64Array(rows.length);
  seen.forEach(({ at }, i) => {
    result.fill(logE[i] as number, at);
  });
  return result;
}

interface Pair {
  readonly at: number;
  readonly d: number;
  readonly size: number;
}

function differencesOf(seen: readonly Pair[], r: number): Differences {
  const values = new Float64Array(seen.length);
  const raw = new Float64Array(seen.length);
  const sizes = new Float64Array(seen.length);
  seen.forEach(({ d, size, at }, i) => {
    raw[i] = d;
    sizes[i] = size;
    const before = seen[i - 1];
    values[i] =
      before === undefined ? d * Math.sqrt(1 - r * r) : whitened(d, { before: before.d, gap: at - before.at, r });
  });
  return { values, raw, sizes, weights: new Float64Array(seen.length).fill(1) };
}

/** What d says beyond the difference before it, with the variance that a gap of one interval would leave. */
function whitened(d: number, { before, gap, r }: { before: number; gap: number; r: number }): number {
  if (gap === 1) return d - r * before;
  const decay = r ** gap;
  return (d - decay * before) * Math.sqrt((1 - r * r) / (1 - decay * decay));
}

interface PairOptions {
  readonly at: number;
  readonly ratio: number;
  readonly difference: number;
  readonly sign: 1 | -1;
}

function pairOf(row: GaugeRow, { at, ratio, difference, sign }: PairOptions): Pair | undefined {
  const { treatment } = row;
  const control = ratio === 0 ? 0 : row.control;
  if (treatment === null || control === null) return undefined;
  const baseline = ratio * control;
  if (!(Math.abs(treatment) <= 1e140 && Math.abs(baseline) <= 1e140)) {
    throw domainError('a gauge e-process', { required: 'values within ±1e140', current: JSON.stringify(row) });
  }
  const size = Math.abs(treatment) + Math.abs(baseline) + Math.abs(difference);
  return { at, d: sign * (treatment - baseline - difference), size };
}
