import { brentRoot } from './brent-root.js';
import {
  type Bets,
  type Bound,
  type CountRow,
  type CountTerms,
  harmBets,
  nonInferiorityBets,
  termsOf,
} from './count-bet.js';
import { logSumExp } from './log-sum-exp.js';
import { ResumedWalks, type Walk, type WalkOptions } from './resumed-walk.js';

/** From and to; either end may be infinite. */
export type Ends = readonly [number, number];

/** What is asked of an interval. */
export interface IntervalOptions {
  /** ω, from 0; see `termsOf`. */
  readonly overdispersion: number;
  /** @default 0.95 */
  readonly confidence?: number;
}

/** No ratio of shares is as far from 1, in logarithms. */
const WIDEST = 50;

/**
 * Returns the ratios r = p_T / p_C that the rows do not exclude, E_harm(r, 0) < 2/α and E_NI(r, 0) < 2/α: a confidence
 * sequence, so it holds at every look alike. Without start weights. `[0, ∞]` while nothing is excluded.
 */
export function ratioInterval(rows: readonly CountRow[], { overdispersion, confidence = 0.95 }: IntervalOptions): Ends {
  const terms = evidentTerms(rows, overdispersion).filter(({ all }) => all > 0);
  const sums = { bad: terms.reduce((sum, { bad }) => sum + bad, 0), splits: splitsOf(terms) };
  const needed = Math.log(2 / (1 - confidence));
  // In logarithms, where the curves are nearly straight.
  const [low, high] = endsOf([-WIDEST, WIDEST], (bets) => (x) => ratioEvidence(sums, Math.exp(x), bets) - needed);
  return [low > -WIDEST ? Math.exp(low) : 0, high < WIDEST ? Math.exp(high) : Number.POSITIVE_INFINITY];
}

/**
 * Returns the differences p_T − p_C that the rows do not exclude, from −1 to 1. Otherwise as `ratioInterval`.
 */
export function differenceInterval(
  rows: readonly CountRow[],
  { overdispersion, confidence = 0.95 }: IntervalOptions,
): Ends {
  const needed = Math.log(2 / (1 - confidence));
  return endsOf([-1, 1], (bets) => differences.through(rows, whole, { bets, overdispersion }).above(needed));
}

/** Returns the smallest difference p_T − p_C from 0 to 1 that is excluded with E_NI ≥ e^`needed`; 1 where none is. */
export function leastExcludedDifference(
  rows: readonly CountRow[],
  { overdispersion, needed }: { readonly overdispersion: number; readonly needed: number },
): number {
  const evidence = differences.through(rows, whole, { bets: nonInferiorityBets, overdispersion });
  return rise(evidence.above(needed), [0, 1]);
}

/** With a difference of 1, so that `allowed` is n_T / φ. */
const whole: Bound = { ratio: 1, difference: 1 };

function evidentTerms(rows: readonly CountRow[], overdispersion: number): CountTerms[] {
  return rows.map((row) => termsOf(row, whole, overdispersion)).filter((terms) => terms !== undefined);
}

function ratioEvidence(
  { bad, splits }: { readonly bad: number; readonly splits: readonly Split[] },
  ratio: number,
  { size, values, logs, logWeights }: Bets,
): number {
  const gains = new Float64Array(size);
  const even = logOddsOf(splits, ratio);
  for (let j = 0; j < size; j += 1) {
    const scaled = logOddsOf(splits, ratio * (values[j] as number));
    gains[j] = (logWeights[j] as number) + bad * (logs[j] as number) + even - scaled;
  }
  return logSumExp(gains);
}

/** Rows whose split of the requests is nearly the same. */
interface Split {
  /** Σ (e_C + e_T) / φ */
  readonly all: number;
  /** Their mean n_T / n_C, in logarithms and by `all`. */
  readonly odds: number;
  /** The variance of its logarithm. */
  readonly variance: number;
}

/** Splits that differ by less than this are taken together. */
const NEARLY = 0.05;

/** Σ all·log1p(y·odds), with the second order of what the odds of a split differ by: its error is below 1e-6 · Σ all. */
function logOddsOf(splits: readonly Split[], y: number): number {
  let sum = 0;
  for (const { all, odds, variance } of splits) {
    const scaled = y * odds;
    sum += all * (Math.log1p(scaled) + (variance * scaled) / (2 * (1 + scaled) * (1 + scaled)));
  }
  return sum;
}

function splitsOf(terms: readonly CountTerms[]): Split[] {
  const groups = new Map<number, CountTerms[]>();
  for (const term of terms) {
    const key = Math.round(Math.log(term.odds) / NEARLY);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [term]);
    else group.push(term);
  }
  return [...groups.values()].map((group) => {
    const all = group.reduce((sum, term) => sum + term.all, 0);
    const mean = group.reduce((sum, term) => sum + term.all * Math.log(term.odds), 0) / all;
    const variance = group.reduce((sum, term) => sum + term.all * (Math.log(term.odds) - mean) ** 2, 0) / all;
    return { all, odds: Math.exp(mean), variance };
  });
}

/** For one ratio the evidence is cheap for every difference: each bet's gain is linear in it. */
class DifferenceWalk implements Walk {
  readonly #bets: Bets;
  readonly #bound: Bound;
  readonly #overdispersion: number;
  readonly #atZero: Float64Array;
  readonly #slopes: Float64Array;

  constructor(bound: Bound, { bets, overdispersion }: WalkOptions) {
    this.#bets = bets;
    this.#bound = bound;
    this.#overdispersion = overdispersion;
    this.#atZero = bets.logWeights.slice();
    this.#slopes = new Float64Array(bets.size);
  }

  next(row: CountRow): void {
    const terms = termsOf(row, this.#bound, this.#overdispersion);
    if (terms === undefined) return;
    const { bad, all, odds, logOdds, allowed } = terms;
    const { size, values, logs } = this.#bets;
    for (let j = 0; j < size; j += 1) {
      const g = values[j] as number;
      const even = all === 0 || odds === 0 ? 0 : all * (logOdds - Math.log1p(g * odds));
      this.#atZero[j] = (this.#atZero[j] as number) + bad * (logs[j] as number) + even;
      this.#slopes[j] = (this.#slopes[j] as number) - (allowed * (g - 1)) / (1 + g * odds);
    }
  }

  above(needed: number): (difference: number) => number {
    const gains = new Float64Array(this.#atZero.length);
    return (difference) => {
      // A loop over one array: a root asks for this some dozen times.
      for (let j = 0; j < gains.length; j += 1) {
        gains[j] = (this.#atZero[j] as number) + difference * (this.#slopes[j] as number);
      }
      return logSumExp(gains) - needed;
    };
  }
}

const differences = new ResumedWalks((bound, options) => new DifferenceWalk(bound, options));

/** Harm is excluded below the interval, so its evidence falls through 0 at the low end; that of no harm rises at the high. */
function endsOf([low, high]: Ends, curveOf: (bets: Bets) => (x: number) => number): Ends {
  const harm = curveOf(harmBets);
  return [-rise((x) => harm(-x), [-high, -low]), rise(curveOf(nonInferiorityBets), [low, high])];
}

/** Where a rising curve crosses 0: `high` where it is never above 0, `low` where it always is. */
function rise(curve: (x: number) => number, [low, high]: Ends): number {
  const first = { x: low, y: curve(low) };
  const last = { x: high, y: curve(high) };
  if (last.y <= 0) return high;
  return first.y > 0 ? low : brentRoot(curve, [first, last], { tolerance: 1e-10, maxSteps: 200 });
}
