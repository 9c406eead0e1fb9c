import type { Count } from './count-bet.js';
import { domainError } from './domain-error.js';

/** One window: what every pod of a version counted, each at a position of its own; undefined while it is not there. */
export type PodRow<Cell> = readonly (Cell | undefined)[];

/** How much more than by chance the shares of bad events differ between the pods of a version. */
export interface PodSpread {
  /** The variance of one pod's relative difference, summed over all lags: that of a long mean, times its windows. */
  readonly perPod: number;
  /** The standard error of that. */
  readonly error: number;
  /** How many pods there were, in the mean of the windows. */
  readonly pods: number;
  /** How many windows had at least two pods with requests. */
  readonly windows: number;
}

/** How many pods answer. */
export interface Pods {
  readonly baseline: number;
  readonly candidate: number;
}

/** ω, and where it is from. */
export interface Overdispersion {
  /** Per unit of binomial variance, over many windows; at least 0.005. */
  readonly omega: number;
  /** How much of the difference stays from window to window, from 0 and below 1. */
  readonly autocorrelation: number;
  /** `measured`, or `assumed` where the windows do not contradict what is assumed. */
  readonly basis: 'measured' | 'assumed';
}

/** ω where nobody has compared pods. */
export const assumedOverdispersion = 0.1;

/** Differences that last this many windows are seen whole; longer ones in part. */
const BLOCK = 20;

/** For the error of the estimate, and for what lasts longer than a block. */
const MARGIN = 1.25;

const LEAST = 0.005;

/** Differences of a half and more between versions in one window are far from normal: nothing to follow, and skewed. */
const MOST_SINGLE = 0.35;

/**
 * Returns how much more than by chance bad events differ between pods, from blocks of windows in which every pod is
 * compared with the others; undefined where no window has a bad event and two pods. Blocks of 1 tell of single windows.
 *
 * Formula: of pod i in window t with n_i of n requests and m bad events of all, θ = n_i/n, v = m·θ·(1 − θ), R = e_i − m·θ.
 * Over the T windows of a block Var(ΣR) = Σv + Γ·Σ a·v² for pods whose rates are p_t·(1 + ε_it), with a = 1 + Σ n_j²/(Σ n_j)²
 * over the others j, and Γ = Σ_k Cov(ε_t, ε_(t+k)) over the lags k of a block (each with 1 − |k|/T). So
 * Γ = Σ((ΣR)² − Σv) / Σ a·v², over blocks and pods.
 *
 * Sums over blocks, since differences that last are what looks like a worse version: with an autocorrelation of 0.8 a
 * sum over many windows varies nine times as much as windows that are independent.
 *
 * Assumptions: pods differ independently of each other and alike; requests go to pods without regard to their errors.
 * Range: finite, below 0 by chance. Throws unless 0 ≤ e ≤ n < ∞.
 * Source: STATISTICS.md (a) of this project has halves and single windows, which is this with two pods and blocks of 1
 * (decision 21); moments as in Williams, "Extra-binomial variation in logistic linear models", Applied Statistics 1982;
 * block sums as in Carlstein, "The use of subseries values for estimating the variance", Ann. Stat. 1986.
 *
 * @param groups rows of one version each, so that what versions differ by does not count
 */
export function podSpread(groups: readonly (readonly PodRow<Count>[])[], block = BLOCK): PodSpread | undefined {
  const cells: Sums[] = [];
  const seen = { windows: 0, pods: 0 };
  for (const rows of groups) {
    for (let from = 0; from < rows.length; from += block) addBlock(cells, seen, rows.slice(from, from + block));
  }
  const scale = sum(cells, ({ a }) => a);
  if (scale === 0) return undefined;
  const perPod = sum(cells, ({ r, v }) => r * r - v) / scale;
  const squares = sum(cells, ({ v, a }) => 2 * (v + Math.max(0, perPod) * a) ** 2 + v);
  const pods = seen.pods / seen.windows;
  // The differences of k pods from each other are k − 1.
  const dependent = pods / (pods - 1);
  return { perPod, error: Math.sqrt(squares * dependent) / scale, pods, windows: seen.windows };
}

/**
 * Returns ω for versions of so many pods: what is assumed, or as near to it as the windows leave it, one standard error from
 * what they show. ω = Γ·(1/baseline + 1/candidate), times 1.25 where it is measured and at least 0.005.
 *
 * The autocorrelation r is that of a first-order autoregression which varies so much over many windows and as much as
 * `single` says in one, which is taken one standard error higher: ω = ω_1·(1 + r)/(1 − r). 0 where ω_1 is above 0.35; so much is skewed as well, and
 * ω is taken 1 + ω_1 times as large.
 *
 * @param long from blocks of many windows
 * @param single from blocks of one
 */
export function overdispersion(long: PodSpread, single: PodSpread, { baseline, candidate }: Pods): Overdispersion {
  const scale = 1 / baseline + 1 / candidate;
  const [low, high] = [(long.perPod - long.error) * scale, (long.perPod + long.error) * scale];
  if (low <= assumedOverdispersion && assumedOverdispersion <= high) {
    return { omega: assumedOverdispersion, autocorrelation: 0, basis: 'assumed' };
  }
  const omega = Math.max(LEAST, MARGIN * (low > assumedOverdispersion ? low : high));
  const one = Math.min(omega, Math.max(LEAST, MARGIN * (single.perPod + single.error) * scale));
  if (one > MOST_SINGLE) return { omega: omega * (1 + one), autocorrelation: 0, basis: 'measured' };
  return { omega, autocorrelation: (omega - one) / (omega + one), basis: 'measured' };
}

/** Returns the windows in blocks; what is left over at the end is one of its own. */
export function blocksOf<Row>(rows: readonly Row[], block = BLOCK): readonly Row[][] {
  const blocks: Row[][] = [];
  for (let from = 0; from < rows.length; from += block) blocks.push(rows.slice(from, from + block));
  return blocks;
}

/** What a pod's bad events sum up to in a block: ΣR, Σv and Σ a·v². */
interface Sums {
  r: number;
  v: number;
  a: number;
}

/** Adds what the pods sum up to in a block, and its windows that tell, with their pods. */
function addBlock(cells: Sums[], seen: { windows: number; pods: number }, rows: readonly PodRow<Count>[]): void {
  const own: (Sums | undefined)[] = [];
  for (const row of rows) {
    const all = totals(row);
    if (all.pods < 2) continue;
    seen.windows += 1;
    seen.pods += all.pods;
    for (let i = 0; i < row.length; i += 1) {
      const cell = row[i];
      if (cell === undefined || cell.n === 0) continue;
      own[i] ??= { r: 0, v: 0, a: 0 };
      addCell(own[i] as Sums, cell, all);
    }
  }
  for (const each of own) if (each !== undefined) cells.push(each);
}

function addCell(own: Sums, { n, e }: Count, all: { n: number; e: number; squares: number }): void {
  const theta = n / all.n;
  const v = all.e * theta * (1 - theta);
  const others = (all.squares - n * n) / (all.n - n) ** 2;
  own.r += e - all.e * theta;
  own.v += v;
  own.a += v * v * (1 + others);
}

function totals(row: PodRow<Count>): { n: number; e: number; squares: number; pods: number } {
  const all = { n: 0, e: 0, squares: 0, pods: 0 };
  for (const cell of row) {
    if (cell === undefined) continue;
    const { n, e } = cell;
    if (!(e >= 0 && e <= n && n < Number.POSITIVE_INFINITY)) {
      throw domainError('the overdispersion', { required: '0 ≤ e ≤ n < ∞', current: `${e}, ${n}` });
    }
    all.n += n;
    all.e += e;
    all.squares += n * n;
    if (n > 0) all.pods += 1;
  }
  return all;
}

function sum(cells: readonly Sums[], numberOf: (cell: Sums) => number): number {
  let total = 0;
  for (const cell of cells) total += numberOf(cell);
  return total;
}
