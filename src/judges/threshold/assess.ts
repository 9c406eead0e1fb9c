import type { Objective, Sample } from '../../release/evaluation.js';
import type { Assessment, Classification, Resolved } from '../../release/judge.js';
import { ownMetric } from '../../release/own-metric.js';
import { type Measurement, measure, tells } from '../measure.js';
import { exceeds } from './exceeds.js';
import type { Look } from './look.js';

/** An objective as it was found; where it can be neither kept nor broken, `reason` says why. */
export interface Finding {
  readonly assessment: Assessment;
  readonly reason?: string | undefined;
}

/** Compares what the windows show with every objective, in their order. */
export function assess(objectives: readonly Objective[], look: Look): Finding[] {
  return objectives.map((objective) => assessOne(objective, look));
}

/** Whether a limit is broken: that is known, and bad. */
export function isBroken({ assessment }: Finding): boolean {
  return assessment.classification === 'high' || assessment.classification === 'low';
}

function assessOne({ metric, upperLimit, lowerLimit, maxRatio, minRatio }: Objective, look: Look): Finding {
  const relative = (maxRatio ?? minRatio) !== undefined;
  const telling = look.filter(({ candidate }) => tells(candidate, metric));
  const pairs = telling.filter(({ baseline }) => baseline !== undefined && tells(baseline, metric));
  const used = relative && pairs.length > 0 ? pairs : telling;
  const candidate = measure(
    metric,
    used.map((row) => row.candidate),
  );
  const baselines = pairs.flatMap(({ baseline }) => baseline ?? []);
  const baseline = measure(metric, baselines);
  const reference = relative ? referenceOf(metric, baselines, baseline) : undefined;
  const given: Given = { metric, candidate, baseline, relative, reference };
  return compare(given, {
    upper: smallest(upperLimit, times(maxRatio, reference)),
    lower: largest(lowerLimit, times(minRatio, reference && baseline?.value)),
  });
}

interface Given {
  readonly metric: string;
  readonly candidate: Measurement | undefined;
  readonly baseline: Measurement | undefined;
  readonly relative: boolean;
  /** What a ratio is taken of; undefined where there is nothing. */
  readonly reference: number | undefined;
}

interface Limits {
  readonly upper: number | undefined;
  readonly lower: number | undefined;
}

/** A broken limit counts even where another one cannot be told. */
function compare(given: Given, { upper, lower }: Limits): Finding {
  const { metric, candidate } = given;
  const baseline = given.baseline?.value;
  const found = (classification: Classification, limit: number | undefined, reason?: string): Finding => {
    const resolved = candidate && limit !== undefined ? resolvedBy(candidate, limit) : undefined;
    return { assessment: { metric, classification, value: candidate?.value, baseline, limit, resolved }, reason };
  };
  if (candidate === undefined) return found('nodata', undefined, `has no data of ${metric}`);
  const { value, beyond } = candidate;
  if (upper !== undefined && exceeds(value, upper)) return found('high', upper);
  if (lower !== undefined && exceeds(lower, value) && !beyond) return found('low', lower);
  const obstacle = obstacleOf(given, beyond && (upper !== undefined || (lower ?? value) > value));
  if (obstacle !== undefined) return found(obstacle.classification, undefined, obstacle.reason);
  const limit = upper ?? lower;
  return limit === undefined ? found('nodata', undefined, `has no limit of ${metric} to keep`) : found('pass', limit);
}

/** An estimate in the bucket of its limit lies on either side of it; what is known is the end of the bucket. */
function resolvedBy({ value, between }: Measurement, limit: number): Resolved | undefined {
  if (between === undefined) return undefined;
  const [below, above] = between;
  if (!exceeds(limit, below) || !exceeds(above, limit)) return undefined;
  const known = value > limit ? below : above;
  return { limit: known > 0 ? known : undefined, ratio: undefined };
}

/** Why a value that breaks no limit keeps none either. */
function obstacleOf({ metric, baseline, relative, reference }: Given, beyond: boolean) {
  if (beyond) return error(`has a ${metric} above its largest bucket, which may be above the limit`);
  if (!relative) return undefined;
  if (baseline === undefined) {
    return { classification: 'nodata', reason: `has no baseline to compare its ${metric} with` } as const;
  }
  if (baseline.beyond) return error(`cannot be compared: the baseline's ${metric} is above its largest bucket`);
  return reference === undefined ? error(`cannot be compared: the baseline's ${metric} is below 0`) : undefined;
}

function error(reason: string) {
  return { classification: 'error', reason } as const;
}

/**
 * A baseline without any error counts as one with a single error: else one error of the candidate would be too many.
 * Below 0 a ratio turns around, and above the largest bucket nothing is known, so there is none.
 */
function referenceOf(metric: string, samples: readonly Sample[], found: Measurement | undefined): number | undefined {
  if (found === undefined || found.beyond || !(found.value >= 0)) return undefined;
  const own = ownMetric(metric, samples);
  if ((own?.like ?? metric) !== 'error-rate' || found.value > 0) return found.value;
  const counted = own === undefined ? samples : samples.map(own.windowOf);
  return 1 / counted.reduce((sum, sample) => sum + (sample?.requests ?? 0), 0);
}

function times(ratio: number | undefined, value: number | undefined): number | undefined {
  return ratio === undefined || value === undefined ? undefined : ratio * value;
}

function smallest(...limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}

function largest(...limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
}
