import { ascending } from '../../stats/ascending.js';
import { mean } from '../../stats/mean.js';
import { percentile } from '../../stats/percentile.js';
import { rankSum } from '../../stats/rank-sum.js';
import { rankSumInterval } from '../../stats/rank-sum-interval.js';
import type { CanaryMetric } from './canary-config.js';

/** The values of a metric on both sides, in any order; null or NaN where one is missing. */
export interface MetricPair {
  readonly name: string;
  readonly control: readonly (number | null)[];
  readonly experiment: readonly (number | null)[];
}

/** How the experiment compares with the control, in Kayenta's words. */
export type Classification = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric' | 'Error';

/** One metric as it was judged. */
export interface MetricResult {
  readonly name: string;
  readonly classification: Classification;
  /** Whether it fails the canary alone. */
  readonly critical: boolean;
  /** Mean of the experiment by mean of the control; NaN where either is 0, 1 where nothing was compared. */
  readonly ratio: number;
}

type Analysis = CanaryMetric['analysisConfigurations']['canary'];
type Found = Omit<MetricResult, 'name'>;

/** The interval is of this confidence, and must be away from 0 by this share of the estimate. */
const confidence = 0.98;
const tolerance = 0.25;

/**
 * Classifies one metric as Kayenta's NetflixACAJudge-v1.0 does: missing values and outliers are dealt with, then it is
 * High (Low) when the rank-sum interval of the shift lies clearly above (below) 0 and the effect is as large as allowed.
 *
 * Where Kayenta leaves it to chance, this decides as if there were none: of two constant sides that differ, Kayenta
 * blurs both with random noise of 1e-5 of the values; here their difference is the interval and the estimate. Of one
 * point on each side, where Kayenta may end in an Error by rounding, that makes High or Low. `-0` is 0.
 *
 * Error where the ranks tell nothing (infinite values, or differences lost beside the size of the values); as in
 * Kayenta it is not critical, even of a critical metric.
 */
export function judgeMetric(pair: MetricPair, metric: CanaryMetric): MetricResult {
  const analysis = metric.analysisConfigurations.canary;
  return { name: pair.name, ...compare(sideOf(pair.control, analysis), sideOf(pair.experiment, analysis), analysis) };
}

/** One side after the treatment of missing values and outliers. */
interface Side {
  /** As they came, since the last digit of a mean depends on it. */
  readonly values: readonly number[];
  readonly sorted: Float64Array;
}

function sideOf(values: MetricPair['control'], { nanStrategy, outliers }: Analysis): Side {
  const present = nanStrategy === 'replace' ? values.map((value) => value || 0) : values.filter(isPresent);
  const side = { values: present, sorted: ascending(present) };
  return outliers.strategy === 'keep' ? side : withoutOutliers(side, outliers.outlierFactor);
}

/** Whether a value is there, if only an infinite one. */
export function isPresent(value: number | null): value is number {
  return value !== null && !Number.isNaN(value);
}

/** Tukey's fences, but never so narrow that more than the outermost hundredth is cut. */
function withoutOutliers({ values, sorted }: Side, factor: number): Side {
  const quartiles = [percentile(sorted, 25), percentile(sorted, 75)] as const;
  const reach = factor * (quartiles[1] - quartiles[0]);
  const lowest = Math.min(percentile(sorted, 1), quartiles[0] - reach);
  const highest = Math.max(percentile(sorted, 99), quartiles[1] + reach);
  // Of infinite values there are no fences, and nothing is outside.
  const isInside = (value: number): boolean => !(value < lowest || value > highest);
  return { values: values.filter(isInside), sorted: sorted.filter(isInside) };
}

function compare(control: Side, experiment: Side, analysis: Analysis): Found {
  if (control.values.length === 0 || experiment.values.length === 0) return withoutData(analysis);
  if (isSame(control.sorted, experiment.sorted)) return { classification: 'Pass', critical: false, ratio: 1 };
  const interval = rankSumInterval(experiment.sorted, control.sorted, confidence);
  if (interval === undefined) return { classification: 'Error', critical: false, ratio: Number.NaN };

  const ratio = meanRatio(control, experiment);
  const effect = analysis.effectSize.measure === 'cles' ? superiority(control, experiment) : ratio;
  const least = tolerance * Math.abs(interval.estimate);
  const limits = effectLimits(analysis);
  const { critical, direction } = analysis;
  if (direction !== 'decrease' && interval.lower > least && !(effect < limits.allowedIncrease)) {
    return { classification: 'High', critical: critical && !(effect < limits.criticalIncrease), ratio };
  }
  if (direction !== 'increase' && interval.upper < -least && !(effect > limits.allowedDecrease)) {
    return { classification: 'Low', critical: critical && !(effect > limits.criticalDecrease), ratio };
  }
  return { classification: 'Pass', critical: false, ratio };
}

function withoutData({ nanStrategy, mustHaveData, critical }: Analysis): Found {
  if (nanStrategy === 'replace') return { classification: 'Pass', critical: false, ratio: 1 };
  if (mustHaveData && !critical) return { classification: 'NodataFailMetric', critical: false, ratio: 1 };
  return { classification: 'Nodata', critical, ratio: 1 };
}

/** Whether both sides hold the same values, or one value only, however often. */
function isSame(a: Float64Array, b: Float64Array): boolean {
  if (a[0] === b[0] && a[0] === a.at(-1) && b[0] === b.at(-1)) return true;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The limits that are not given allow no effect at all. */
function effectLimits({ effectSize: { measure, ...given } }: Analysis) {
  const none = measure === 'cles' ? 0.5 : 1;
  return {
    allowedIncrease: given.allowedIncrease ?? none,
    allowedDecrease: given.allowedDecrease ?? none,
    criticalIncrease: given.criticalIncrease ?? none,
    criticalDecrease: given.criticalDecrease ?? none,
  };
}

function meanRatio(control: Side, experiment: Side): number {
  const above = mean(experiment.values);
  const below = mean(control.values);
  return above === 0 || below === 0 ? Number.NaN : above / below;
}

/** How often a value of the experiment is above one of the control, ties counted half: Vargha and Delaney (2000). */
function superiority(control: Side, experiment: Side): number {
  const m = experiment.sorted.length;
  const { sum } = rankSum(experiment.sorted, control.sorted);
  return (2 * sum - m * (m + 1)) / (2 * control.sorted.length * m);
}
