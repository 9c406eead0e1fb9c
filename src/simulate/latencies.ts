import type { Bucket } from '../release/evaluation.js';
import { binomialDraw } from '../stats/count-draws.js';
import { normalCdf, normalQuantile } from '../stats/normal.js';
import { normalDraw } from '../stats/random-draws.js';
import type { Random } from './random.js';
import type { Baseline } from './scenario.js';

const z95 = normalQuantile(0.95);

/** Log-normal latencies, which some pods multiply by a factor; every pod has as many requests. */
export class Latencies {
  readonly #log: number;
  readonly #sigma: number;
  readonly #bounds: readonly number[];
  readonly #known = new Map<number, Float64Array>();

  constructor({ latency: { p50, p95 }, buckets }: Baseline) {
    this.#log = Math.log(p50);
    this.#sigma = (Math.log(p95) - this.#log) / z95;
    this.#bounds = buckets;
  }

  /** Returns the share of requests above the baseline's 95th percentile when all take `factor` times as long. */
  slow(factor: number): number {
    return normalCdf(Math.log(factor) / this.#sigma - z95);
  }

  /** Returns the share of requests above a bound in milliseconds when all take `factor` times as long. */
  above(bound: number, factor: number): number {
    return 1 - normalCdf((Math.log(bound) - this.#log - Math.log(factor)) / this.#sigma);
  }

  /**
   * Returns the sum of so many latencies in milliseconds: a log-normal number with the mean and the variance of the sum,
   * which is right for one request and for many.
   *
   * Source: Fenton, "The sum of log-normal probability distributions in scatter transmission systems" (1960).
   */
  sum(requests: number, factors: readonly number[], random: Random): number {
    const mean = meanOf(factors);
    const square = meanOf(factors.map((factor) => factor * factor)) * Math.exp(this.#sigma ** 2);
    const variance = Math.log1p((square / mean ** 2 - 1) / requests);
    const logMean = Math.log(requests * mean) + this.#log + this.#sigma ** 2 / 2;
    return Math.exp(logMean - variance / 2 + Math.sqrt(variance) * normalDraw(random));
  }

  /** Returns how many of so many requests took at most how long. */
  counts(requests: number, factors: readonly number[], random: Random): Bucket[] {
    const below = this.#below(factors);
    let counted = 0;
    let share = 0;
    return this.#bounds.map((upTo, i) => {
      const next = below[i] as number;
      if (share < 1) counted += binomialDraw(requests - counted, (next - share) / (1 - share), random);
      share = next;
      return { upTo, requests: counted };
    });
  }

  /** The shares below every bound. */
  #below(factors: readonly number[]): Float64Array {
    const [first = 1] = factors;
    if (factors.length > 1) return this.#sharesBelow(factors);
    const known = this.#known.get(first) ?? this.#sharesBelow(factors);
    this.#known.set(first, known);
    return known;
  }

  #sharesBelow(factors: readonly number[]): Float64Array {
    const shifts = factors.map(Math.log);
    return Float64Array.from(this.#bounds, (bound) => {
      const log = Math.log(bound) - this.#log;
      return meanOf(shifts.map((shift) => normalCdf((log - shift) / this.#sigma)));
    });
  }
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
