import { type Objective, percentileOf } from '../release/evaluation.js';
import type { Judge, Refusal } from '../release/judge.js';

/**
 * Tests that may be looked at as often as one likes, over all windows since the candidate entered: a candidate fails when
 * the evidence of harm on the whole has reached 1/α at any look, and passes when every objective has that evidence that
 * it is no worse. Neither time nor the number of looks makes false alarms more frequent than the settings say.
 *
 * E-values of several objectives are averaged, which is valid however they depend on each other; of several
 * candidates each has its part of α. See stats/ for what is computed of counts, means, percentiles and gauges.
 *
 * @see Vovk, Wang, "E-values: Calibration, combination and applications", Ann. Stat. 2021, arXiv 1912.06116
 */
export const sequential = {
  id: 'sequential',
  windows: 'analysis',
  refuses,
  readsHistory: true,
  load: async () => (await import('./sequential/verdict.js')).verdictOf,
  loadCase: async () => (await import('./sequential-case.js')).answerSequentialCase,
} as const satisfies Judge;

/** Returns why an objective cannot be tested; see `Judge.refuses`. */
function refuses(objective: Objective, { comparable }: { readonly comparable: boolean }): Refusal | undefined {
  const { metric, upperLimit, lowerLimit, maxRatio, minRatio, harm, nonInferiority } = objective;
  if (metric === 'request-count' && (lowerLimit === undefined || upperLimit !== undefined)) {
    const hint = 'Give it a lowerLimit alone: what a candidate must have answered before it passes.';
    return { message: 'limits a count that grows with time', hint };
  }
  if (percentileOf(metric) !== undefined && minRatio !== undefined) {
    return { message: 'has a minRatio, which no bucket tells of', hint: 'Give it a lowerLimit in milliseconds.' };
  }
  if (metric === 'error-rate' && upperLimit === 0) {
    const hint = 'Give the share that you can live with, such as 0.0001, or choose the judge threshold.';
    return { message: 'has an upperLimit of 0, which no number of requests can prove', hint };
  }
  const relative = maxRatio ?? minRatio ?? harm ?? nonInferiority;
  if (comparable || (relative === undefined && (upperLimit ?? lowerLimit) !== undefined)) return undefined;
  const hint = 'The match sends other people to the candidate: give it an upperLimit or a lowerLimit alone.';
  return { message: 'compares the people of the match with everybody else', hint };
}
