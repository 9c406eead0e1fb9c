import { type Missing, readsBuckets, type Sample } from '../release/evaluation.js';
import type { History } from '../release/judge.js';
import { poissonDraw } from '../stats/count-draws.js';
import { historyOf } from './history.js';
import { Latencies } from './latencies.js';
import { type Load, loadOf } from './load.js';
import { PodFactors } from './pods.js';
import type { Random } from './random.js';
import type { Regression, Scenario } from './scenario.js';

/** What a regression has cost. */
export interface Harm {
  /** Errors that the primary would not have given, as many as are expected. */
  readonly failures: number;
  /** Requests over the primary's 95th percentile that would have been below it. */
  readonly slow: number;
}

/** One window as it was. */
export interface Window extends Harm {
  readonly primary: Sample | Missing;
  readonly candidate: Sample | Missing;
}

const none: Missing = { missing: 'no requests', idle: true };

/** The traffic of one run, window by window. */
export class Traffic {
  readonly #random: Random;
  readonly #next: () => Load;
  readonly #latencies: Latencies;
  readonly #errorRate: number;
  readonly #counted: boolean;
  readonly #pods: { readonly primary: PodFactors; readonly candidate: PodFactors };

  constructor({ traffic, pods, baseline, analysis }: Scenario, random: Random) {
    this.#random = random;
    this.#next = loadOf(traffic, analysis.interval, random);
    this.#latencies = new Latencies(baseline);
    this.#errorRate = baseline.errorRate;
    this.#counted = readsBuckets(analysis);
    this.#pods = {
      primary: new PodFactors(pods.primary, pods, random),
      candidate: new PodFactors(pods.candidate, pods, random),
    };
  }

  /**
   * Returns the next window.
   *
   * @param share the candidate's percent of the requests
   * @param regression what is wrong with it by now
   */
  window(share: number, regression: Regression | undefined): Window {
    const load = this.#next();
    const [errors, other] = [this.#rate('primary', load), this.#rate('candidate', load)];
    const added = addedTo(other, regression);
    const slower = regression?.latency ?? 1;
    const primary = this.#sample('primary', { mean: load.requests * (1 - share / 100), errors, slower: 1 });
    const candidate = this.#sample('candidate', { mean: (load.requests * share) / 100, errors: other + added, slower });
    const requests = 'requests' in candidate ? candidate.requests : 0;
    return { primary, candidate, ...this.#harm(requests, other, regression) };
  }

  /** Returns what the next window is expected to cost, where nobody looks at it. */
  cost(share: number, regression: Regression | undefined): Harm {
    const load = this.#next();
    return this.#harm((load.requests * share) / 100, this.#rate('candidate', load), regression);
  }

  #harm(requests: number, errors: number, regression: Regression | undefined): Harm {
    const slower = regression?.latency ?? 1;
    const slow = slower === 1 ? 0 : requests * (this.#latencies.slow(slower) - this.#latencies.slow(1));
    return { failures: requests * addedTo(errors, regression), slow };
  }

  /** Returns what judges are told of the primary: its pods in the hours before the first window. */
  history(scenario: Scenario, random: Random): History {
    return historyOf(scenario, { pods: this.#pods.primary, latencies: this.#latencies }, random);
  }

  #rate(version: 'primary' | 'candidate', { errors }: Load): number {
    return Math.min(1, this.#errorRate * errors * this.#pods[version].errors());
  }

  /** A Poisson number of requests of which each fails or not is two Poisson numbers. */
  #sample(
    version: 'primary' | 'candidate',
    { mean, errors, slower }: { readonly mean: number; readonly errors: number; readonly slower: number },
  ): Sample | Missing {
    const factors = this.#pods[version].latencies().map((factor) => factor * slower);
    const failed = poissonDraw(mean * errors, this.#random);
    const requests = failed + poissonDraw(mean * (1 - errors), this.#random);
    if (requests === 0) return none;
    return {
      requests,
      errors: failed,
      latencySum: this.#latencies.sum(requests, factors, this.#random),
      ...(this.#counted && { latencyBuckets: this.#latencies.counts(requests, factors, this.#random) }),
    };
  }
}

function addedTo(errors: number, regression: Regression | undefined): number {
  return Math.min(1 - errors, regression?.errorRate ?? 0);
}
