import { ascending } from '../../stats/ascending.js';
import { rankSumInterval, type ShiftInterval } from '../../stats/rank-sum-interval.js';
import { isPresent, type MetricPair } from './judge-metric.js';

/** Two samples, and the confidence of the interval between 0 and 1. */
export interface ShiftCase extends Pick<MetricPair, 'control' | 'experiment'> {
  readonly confLevel: number;
}

/**
 * Returns by how much the experiment lies above the control, as Kayenta's rank-sum test has it, with missing values left
 * out; NaN for all three where it would not answer. Two constant samples have their difference, where Kayenta answers
 * only if rounding helps it.
 */
export function judgeShift({ control, experiment, confLevel }: ShiftCase): ShiftInterval {
  const nothing = { lower: Number.NaN, upper: Number.NaN, estimate: Number.NaN };
  const x = ascending(experiment.filter(isPresent));
  const y = ascending(control.filter(isPresent));
  return rankSumInterval(x, y, confLevel) ?? nothing;
}
