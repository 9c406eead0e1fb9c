import type { Bound, CountRow } from './count-bet.js';

/** How counts of versions differ beyond chance although neither is worse. */
export interface Noise {
  /** ω, from 0: over many windows. */
  readonly overdispersion: number;
  /** How much of a difference stays from window to window, from 0 and below 1. @default 0 */
  readonly autocorrelation?: number | undefined;
}

/** What a window is tested with. */
export interface Expected {
  readonly bound: Bound;
  /** How much the window may differ from that. */
  readonly overdispersion: number;
}

/** A small count added to each, so that none has no logarithm (Haldane's correction). */
const HALF = 0.5;

/**
 * Follows by how much the pods of two versions differ, so that what is left of an old difference is not taken for new
 * evidence, and a sudden one not for an old one. Predictable: what a window is tested with depends on those before it.
 *
 * The logarithm x_t of the ratio that pods add to a bound is a first-order autoregression with autocorrelation r and
 * variance q = ω·(1 − r)/(1 + r), so that long sums vary as ω says. Kalman's filter has its mean x and variance P before
 * every window; the bound is moved by e^x, if only to the candidate's favour, and ω in φ = 1 + ω·v is P. What is seen of
 * x_t is the logarithm of (e_T + ½)/(expected + ½), with the variance 1/(e_T + ½) + 1/(e_C + ½). With r = 0 this is the
 * bound and ω itself.
 *
 * Assumptions: nearly normal logarithms; then a window's counts have, given those before, the mean and at most the variance
 * that they are tempered for (see `termsOf`).
 * Source: a derivation of this project (decision 21); Kalman, "A new approach to linear filtering and prediction
 * problems", 1960.
 */
export class PodNoise {
  readonly #bound: Bound;
  readonly #first: Expected;
  readonly #kept: number;
  readonly #usual: number;
  /** 1 where only a candidate that looks worse is favoured, −1 where only one that looks better. */
  readonly #side: 1 | -1;
  #mean = 0;
  #variance: number;
  #bad = HALF;
  #all = 1;

  constructor(bound: Bound, { overdispersion, autocorrelation = 0 }: Noise, side: 1 | -1) {
    this.#bound = bound;
    this.#kept = autocorrelation;
    this.#usual = (overdispersion * (1 - autocorrelation)) / (1 + autocorrelation);
    this.#variance = this.#usual;
    this.#side = side;
    this.#first = { bound, overdispersion: this.#usual };
  }

  /** Returns what the next window is tested with, and learns from it. */
  next(row: CountRow): Expected {
    if (this.#kept === 0) return this.#first;
    const { ratio, difference } = this.#bound;
    const moved = this.#side * Math.max(0, this.#side * this.#mean);
    const scale = Math.exp(moved);
    const expected = {
      bound: { ratio: ratio * scale, difference: difference * scale },
      overdispersion: this.#variance,
    };
    this.#learn(row);
    this.#mean *= this.#kept;
    this.#variance = this.#kept ** 2 * this.#variance + this.#usual * (1 - this.#kept ** 2);
    return expected;
  }

  #learn({ control, treatment }: CountRow): void {
    if (treatment.n === 0 || control?.n === 0) return;
    this.#bad += control?.e ?? 0;
    this.#all += control?.n ?? 0;
    const { ratio, difference } = this.#bound;
    const share = control === undefined ? 0 : (control.e + HALF) / (control.n + 1);
    const usual = this.#bad / this.#all;
    // A difference is allowed on top of what is usual, which one window tells badly.
    const asked = ratio === 0 ? difference : share * (ratio + difference / usual);
    const seen = Math.log((treatment.e + HALF) / (Math.max(0, treatment.n * asked) + HALF));
    const chance = 1 / (treatment.e + HALF) + (control === undefined ? 0 : 1 / (control.e + HALF));
    const gain = this.#variance / (this.#variance + chance);
    this.#mean += gain * (seen - this.#mean);
    this.#variance *= 1 - gain;
  }
}
