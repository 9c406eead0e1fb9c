import type { Margin, Objective, Sample } from '../../release/evaluation.js';
import type { Interval, Pace, Resolved } from '../../release/judge.js';

/** One window of the baseline and a candidate; undefined where there is no sample. */
export interface Pair {
  readonly baseline: Sample | undefined;
  readonly candidate: Sample | undefined;
}

/** What one limit of an objective is tested with. */
export interface MetricTest {
  readonly metric: string;
  /** What too much harm is called. */
  readonly worse: 'high' | 'low';
  /** ln E after every window that the candidate is worse. */
  readonly harm: Float64Array;
  /** ln E now that it is not. */
  readonly nonInferiority: number;
  /**
   * Returns how many times as many requests it takes, if all goes on like this, until ln E is `needed`; undefined where
   * it never will, or where that cannot be told.
   */
  readonly ahead: (needed: number) => number | undefined;
  /** How long a candidate as good as the baseline takes to reach so much of it; undefined where that cannot be told. */
  readonly pace?: (needed: number) => Pace | undefined;
  /** The candidate's and the baseline's value, and the limits of harm and of no harm, in the unit of the metric. */
  readonly value: number | undefined;
  readonly baseline: number | undefined;
  readonly limit: number | undefined;
  readonly goodLimit: number | undefined;
  /** What the buckets tell in place of either limit. */
  readonly resolved?: Resolved | undefined;
  readonly goodResolved?: Resolved | undefined;
  readonly ratio?: Interval | undefined;
  readonly difference?: Interval | undefined;
}

/** One limit: at most `ratio × baseline + difference` counts as no harm, at most `good` as no worse. */
export interface Limit {
  readonly worse: 'high' | 'low';
  readonly harm: Margin;
  readonly good: Margin;
}

/** Of shares, such as error rates: 0.05 and 0.2 percentage points keep a baseline without any error from deciding all. */
const shareMargins = {
  harm: { ratio: 1.05, difference: 0.0005 },
  good: { ratio: 1.1, difference: 0.002 },
};

/** Of values with a unit, in which no difference is small by itself. */
const valueMargins = {
  harm: { ratio: 1.05, difference: 0 },
  good: { ratio: 1.1, difference: 0 },
};

/** Returns what an objective on a share asks; without any limit, that the candidate is no worse than the baseline. */
export function shareLimits(objective: Objective, comparable: boolean): Limit[] {
  return limitsOf(objective, { comparable, margins: shareMargins });
}

/** Returns what an objective on a mean or a gauge asks. */
export function valueLimits(objective: Objective, comparable: boolean): Limit[] {
  return limitsOf(objective, { comparable, margins: valueMargins });
}

interface Ground {
  readonly comparable: boolean;
  readonly margins: typeof shareMargins;
}

function limitsOf(objective: Objective, { comparable, margins }: Ground): Limit[] {
  const { upperLimit, lowerLimit, maxRatio, minRatio, harm, nonInferiority } = objective;
  const found: Limit[] = [];
  const absolute = (difference: number) => ({ ratio: 0, difference });
  if (upperLimit !== undefined) found.push({ worse: 'high', harm: absolute(upperLimit), good: absolute(upperLimit) });
  if (lowerLimit !== undefined) found.push({ worse: 'low', harm: absolute(lowerLimit), good: absolute(lowerLimit) });
  if (!comparable) return found;
  if (maxRatio !== undefined) found.push({ worse: 'high', ...relative(maxRatio, margins.good.difference) });
  if (minRatio !== undefined) found.push({ worse: 'low', ...relative(minRatio, -margins.good.difference) });
  if (harm !== undefined || nonInferiority !== undefined || found.length === 0) {
    found.push({ worse: 'high', harm: harm ?? margins.harm, good: nonInferiority ?? margins.good });
  }
  return found;
}

/** A pure ratio could never promote where there are no errors at all, so what counts as no worse has a difference. */
function relative(ratio: number, difference: number): Pick<Limit, 'harm' | 'good'> {
  return { harm: { ratio, difference: 0 }, good: { ratio, difference } };
}

/** Returns `ratio × baseline + difference`; undefined where the baseline counts and is not known. */
export function boundOf({ ratio, difference }: Margin, baseline: number | undefined): number | undefined {
  if (ratio === 0) return difference;
  return baseline === undefined ? undefined : scaled(baseline, ratio) + difference;
}

/** A twentieth more than −20 is −19: a value below 0 times 1.05 would call a baseline worse than itself. */
export function scaled(baseline: number, ratio: number): number {
  return baseline < 0 && ratio > 0 ? (2 - ratio) * baseline : ratio * baseline;
}
