import type { Contradiction } from '../release/contradiction.js';
import type { Analysis, Objective } from '../release/evaluation.js';
import type { Judge, Refusal } from '../release/judge.js';
import { isMoving, limitsOf } from './bayesian/limits.js';
import { kindOf } from './bayesian/observations.js';

/**
 * Iter8's Bayesian judge (v1alpha2) without its faults: posteriors of shares and means, the probability that a version
 * keeps each limit, and the probability that it is the best of all.
 *
 * What a posterior says is right for one look. This judge is looked at every window, and a probability that wanders
 * passes 0.99 sooner or later: in Iter8 13 % of equal versions get a winner. So a conclusion takes two things: the
 * probability as set (`winner` above 0.99, `feasible` below 0.01), and the same probability, every doubt about shares
 * decided against the conclusion, beyond a level that holds for all looks together (see lookLevel). 1 % of wrong
 * conclusions is shared out over limits and candidates. The price is a third more standard errors: 3.4 to 3.7.
 * Simulated: equal versions on the limit itself, 60 looks, 1,200 runs, no wrong conclusion.
 */
export const bayesian = {
  id: 'bayesian',
  windows: 'analysis',
  refuses,
  readsHistory: true,
  readsRewards: true,
  contradictions,
  load: async () => (await import('./bayesian/verdict.js')).verdictOf,
  loadCase: async () => (await import('./bayesian-case.js')).answerBayesianCase,
} as const satisfies Judge;

function refuses(objective: Objective, { comparable }: { readonly comparable: boolean }): Refusal | undefined {
  const { metric, harm, nonInferiority } = objective;
  const all = limitsOf(objective);
  if ((harm ?? nonInferiority) !== undefined) {
    const hint = 'Give upperLimit, lowerLimit, maxRatio or minRatio, or choose the judge sequential.';
    return { message: 'has a margin, and bayesian knows limits only', hint };
  }
  if (metric !== 'request-count' && kindOf(metric) === undefined) {
    return { message: 'is a percentile, of which bayesian knows no posterior', hint: 'Use latency-mean.' };
  }
  if (all.length === 0) {
    return { message: 'has no limit', hint: 'Give upperLimit, lowerLimit, maxRatio or minRatio.' };
  }
  if (all.some(isMoving) && metric === 'request-count') {
    return { message: 'compares counts of requests, which follow from the weights', hint: 'Give an absolute limit.' };
  }
  if (comparable || !all.some(isMoving)) return undefined;
  return { message: 'compares with a baseline that serves other people', hint: 'Give upperLimit or lowerLimit.' };
}

/** What never decides between versions. */
function contradictions({ rewards }: Analysis): readonly Contradiction[] {
  return rewards.flatMap(({ metric }, position): Contradiction[] => {
    if (kindOf(metric) !== undefined) return [];
    const message = `is ${metric}, of which bayesian knows no posterior`;
    return [{ path: ['rewards', position, 'metric'], message, hint: 'Use error-rate or latency-mean.' }];
  });
}
