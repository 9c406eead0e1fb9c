import { normalDraw } from '../stats/random-draws.js';
import type { Random } from './random.js';
import type { Pods } from './scenario.js';

const alike: readonly number[] = [1];

/**
 * The pods of one version. What each multiplies a figure by is log-normal with mean 1 and the given coefficient of variation in
 * every window; its logarithm is a first-order autoregression from window to window.
 */
export class PodFactors {
  readonly #random: Random;
  readonly #autocorrelation: number;
  readonly #errors: Spread;
  readonly #latencies: Spread;

  constructor(count: number, { errorVariation, latencyVariation, autocorrelation }: Pods, random: Random) {
    this.#random = random;
    this.#autocorrelation = autocorrelation;
    this.#errors = this.#start(count, errorVariation);
    this.#latencies = this.#start(count, latencyVariation);
  }

  /** What the error rate of the version is multiplied by in the next window: the mean of its pods. */
  errors(): number {
    const factors = this.#next(this.#errors);
    return factors.reduce((sum, each) => sum + each, 0) / factors.length;
  }

  /** What latencies are multiplied by in the next window, by pod; a single 1 where pods are alike. */
  latencies(): readonly number[] {
    return this.#next(this.#latencies);
  }

  /** Returns what errors were multiplied by in the windows before the first, backwards, by pod. */
  errorsBefore(random: Random): () => readonly number[] {
    return this.#before(this.#errors, random);
  }

  /** Returns the same of latencies. */
  latenciesBefore(random: Random): () => readonly number[] {
    return this.#before(this.#latencies, random);
  }

  /** Such an autoregression is the same in both directions of time. */
  #before({ sigma, states }: Spread, random: Random): () => readonly number[] {
    const past = { sigma, states: [...states] };
    return () => this.#next(past, random);
  }

  #start(count: number, variation: number): Spread {
    const sigma = Math.sqrt(Math.log1p(variation ** 2));
    const states = sigma === 0 ? [] : Array.from({ length: count }, () => normalDraw(this.#random));
    return { sigma, states };
  }

  #next({ sigma, states }: Spread, random = this.#random): readonly number[] {
    if (sigma === 0) return alike;
    const factors = states.map((state) => Math.exp(sigma * state - sigma ** 2 / 2));
    const kept = this.#autocorrelation;
    if (kept < 1) {
      const fresh = Math.sqrt(1 - kept ** 2);
      for (const [i, state] of states.entries()) states[i] = kept * state + fresh * normalDraw(random);
    }
    return factors;
  }
}

interface Spread {
  readonly sigma: number;
  /** A standard normal number for every pod. */
  readonly states: number[];
}
