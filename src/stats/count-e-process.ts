import {
  type Bets,
  type Bound,
  type CountRow,
  type CountTerms,
  harmBets,
  logGain,
  nonInferiorityBets,
  termsOf,
} from './count-bet.js';
import { LateOnset } from './late-onset.js';
import { logSumExp } from './log-sum-exp.js';
import { type Noise, PodNoise } from './pod-noise.js';
import { ResumedWalks, type Walk, type WalkOptions } from './resumed-walk.js';

/** What is tested. */
export interface CountTest extends Noise {
  /** Against "p_T is at most this in every window". */
  readonly harm: Bound;
  /** Against "p_T is at least this in every window". */
  readonly nonInferiority: Bound;
}

/** Natural logarithms of the e-values after every row; a row without evidence repeats the one before it, or 0. */
export interface CountEvidence {
  readonly harm: Float64Array;
  readonly nonInferiority: Float64Array;
}

/** Which bets are mixed. */
export type BetOptions = WalkOptions;

/** Returns the evidence of counts after every window; it holds however often it is looked at. See `logGain`. */
export function countEProcess(rows: readonly CountRow[], test: CountTest): CountEvidence {
  const { harm, nonInferiority, overdispersion, autocorrelation } = test;
  const noise = { overdispersion, autocorrelation };
  return {
    harm: onsetEvidence(rows, harm, { bets: harmBets, ...noise }),
    nonInferiority: steadyEvidence(rows, nonInferiority, { bets: nonInferiorityBets, ...noise }),
  };
}

/** Returns ln E after every window, whenever what the bets are on began. */
export function onsetEvidence(rows: readonly CountRow[], bound: Bound, options: BetOptions): Float64Array {
  return Float64Array.from(onsets.through(rows, bound, options).logE);
}

/** Bets that may each begin in any window. */
class OnsetWalk implements Walk {
  /** After every row; one without evidence repeats the one before it. */
  readonly logE: number[] = [];
  readonly #bets: Bets;
  readonly #noise: PodNoise;
  readonly #onset: LateOnset;

  constructor(bound: Bound, options: BetOptions) {
    this.#bets = options.bets;
    this.#noise = noiseOf(bound, options);
    this.#onset = new LateOnset(options.bets.weights);
  }

  next(row: CountRow): void {
    const expected = this.#noise.next(row);
    const terms = termsOf(row, expected.bound, expected.overdispersion);
    this.logE.push(terms === undefined ? (this.logE.at(-1) ?? 0) : this.#won(terms));
  }

  #won(terms: CountTerms): number {
    const { size, values, logs } = this.#bets;
    this.#onset.open();
    for (let j = 0; j < size; j += 1) this.#onset.bet(j, logGain(terms, values[j] as number, logs[j] as number));
    return this.#onset.logE();
  }
}

const onsets = new ResumedWalks((bound, options) => new OnsetWalk(bound, options));

/** Returns ln E after every window of bets that all began with the first. */
export function steadyEvidence(rows: readonly CountRow[], bound: Bound, options: BetOptions): Float64Array {
  const walk = new SteadyWalk(bound, options);
  let now = 0;
  return Float64Array.from(rows, (row) => {
    if (walk.next(row)) now = mixtureOf(walk.gains, options.bets);
    return now;
  });
}

/** Returns what each bet has won on all rows, as natural logarithms. */
export function gainsOf(rows: readonly CountRow[], bound: Bound, options: BetOptions): Float64Array {
  return steady.through(rows, bound, options).gains.slice();
}

/** Bets that all begin with the first window. */
class SteadyWalk implements Walk {
  readonly gains: Float64Array;
  readonly #bets: Bets;
  readonly #noise: PodNoise;

  constructor(bound: Bound, options: BetOptions) {
    this.gains = new Float64Array(options.bets.size);
    this.#bets = options.bets;
    this.#noise = noiseOf(bound, options);
  }

  /** Returns whether the row carries evidence. */
  next(row: CountRow): boolean {
    const { bound, overdispersion } = this.#noise.next(row);
    const terms = termsOf(row, bound, overdispersion);
    if (terms === undefined) return false;
    const { gains } = this;
    const { size, values, logs } = this.#bets;
    for (let j = 0; j < size; j += 1) {
      gains[j] = (gains[j] as number) + logGain(terms, values[j] as number, logs[j] as number);
    }
    return true;
  }
}

const steady = new ResumedWalks((bound, options) => new SteadyWalk(bound, options));

/** Bets that the treatment is worse are all above 1, those that it is not below. */
function noiseOf(bound: Bound, { bets, ...noise }: BetOptions): PodNoise {
  return new PodNoise(bound, noise, (bets.values[0] ?? 1) > 1 ? 1 : -1);
}

/** Returns ln E of bets that have won this; `times` as much if given, as when as many rows again go on like that. */
export function mixtureOf(gains: Float64Array, { size, logWeights }: Bets, times = 1): number {
  const worth = new Float64Array(size);
  for (let j = 0; j < size; j += 1) worth[j] = times * (gains[j] as number) + (logWeights[j] as number);
  return logSumExp(worth);
}
