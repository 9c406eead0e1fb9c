import type { Objective } from '../../release/evaluation.js';
import type { Assessment } from '../../release/judge.js';
import { type Comparison, compareIntervals } from '../../stats/compare-intervals.js';
import { lookLevel } from '../../stats/look-level.js';
import { regionProbability } from '../../stats/region-probability.js';
import type { Doubt } from './belief.js';
import { type Evidence, posteriorOf } from './evidence.js';
import { isMoving, type Limit, limitsOf, regionOf } from './limits.js';

/** Who is looked at, and how sure a conclusion must be. */
export interface Trial {
  readonly evidence: Evidence;
  readonly baseline: string;
  readonly candidate: string;
  readonly comparable: boolean;
  /** Requests of the candidate in all windows. */
  readonly requests: number;
  /** The probability of keeping a limit below which it counts as broken, as set. */
  readonly feasible: number;
  /** The probability above which all is kept, as set. */
  readonly winner: number;
  /** The most that may be concluded by chance over all looks: breaking one limit, and keeping all. */
  readonly alpha: { readonly broken: number; readonly kept: number };
}

/** An objective as it was found. */
export interface Finding {
  readonly assessment: Assessment;
  /** The limit that is kept with the least probability; undefined where nothing can be said. */
  readonly limit: Limit | undefined;
  /** Concluded, also when looked at every window. */
  readonly state: 'broken' | 'kept' | 'open' | 'unknown';
  /** The windows that were compared. */
  readonly windows: number;
}

/** Returns how a candidate keeps one objective. */
export function find(trial: Trial, objective: Objective): Finding {
  const { metric } = objective;
  const limits = limitsOf(objective, trial.comparable);
  if (metric === 'request-count') return countFinding(trial.requests, limits);
  const versions = versionsFor(trial, limits);
  const compared = trial.evidence.estimates(metric, versions);
  const estimate = compared?.get(trial.candidate);
  const told =
    limits.length > 0 && [limits, ...limits.map((limit) => [limit])].every((some) => tells(trial, metric, some));
  if (trial.evidence.kindOf(metric) === undefined || !estimate || !told) return unknown(metric);

  const chance = (some: readonly Limit[]): number => probability(trial, { metric, limits: some });
  const [limit, worst] = least(limits, (each) => chance([each]));
  const together = limits.length === 1 ? worst : chance(limits);
  const windows = estimate.count;
  const state = stateOf(trial, { metric, limits, windows, worst, together });
  const reference = referenceOf(trial, metric);
  const assessment: Assessment = {
    metric,
    classification: worst >= 0.5 ? 'pass' : limit.side === 'upper' ? 'high' : 'low',
    value: estimate.value,
    baseline: reference?.value,
    limit: limit.constant + limit.ratio * (reference?.value ?? 0),
    probability: together,
    ...reference?.comparison,
  };
  return { assessment, limit, state, windows };
}

interface Reference {
  readonly value: number;
  readonly comparison: Comparison | undefined;
}

/** What the baseline had in the same windows, and how the two compare. */
function referenceOf({ evidence, baseline, candidate, comparable }: Trial, metric: string): Reference | undefined {
  const versions = [baseline, candidate];
  const value = comparable ? evidence.estimates(metric, versions)?.get(baseline)?.value : undefined;
  if (value === undefined) return undefined;
  const own = posteriorOf(evidence, candidate, { metric, versions });
  const other = posteriorOf(evidence, baseline, { metric, versions });
  return { value, comparison: own && other && compareIntervals(own, other) };
}

/** Absolute limits hold a candidate to all that it did; others only to the windows that the baseline has too. */
function versionsFor({ baseline, candidate }: Trial, limits: readonly Limit[]): string[] {
  return limits.some(isMoving) ? [baseline, candidate] : [candidate];
}

/** What is compared. */
export interface Compared {
  readonly metric: string;
  readonly limits: readonly Limit[];
  /** In whose favour doubts about shares are decided. */
  readonly favor?: 'candidate' | 'limit' | undefined;
}

/** Whether the windows tell how exact everything is that the limits compare. */
export function tells(trial: Trial, metric: string, limits: readonly Limit[]): boolean {
  const versions = versionsFor(trial, limits);
  return versions.every((name) => posteriorOf(trial.evidence, name, { metric, versions }) !== undefined);
}

/** Returns the probability that the candidate keeps the limits, where the windows tell; see tells(). */
export function probability(trial: Trial, { metric, limits, favor }: Compared): number {
  const { evidence, baseline, candidate } = trial;
  const versions = versionsFor(trial, limits);
  const own = posteriorOf(evidence, candidate, { metric, versions, doubt: doubtOf(limits, favor) });
  if (own === undefined) return Number.NaN;
  const opposite = favor && (favor === 'candidate' ? 'limit' : 'candidate');
  const other = posteriorOf(evidence, baseline, { metric, versions, doubt: doubtOf(limits, opposite) });
  return regionProbability(own, other, regionOf(limits));
}

/** A doubt in favour of keeping an upper limit makes the value low. */
function doubtOf(limits: readonly Limit[], favor: Compared['favor']): Doubt {
  if (favor === undefined) return 'none';
  return (limits[0]?.side === 'upper') === (favor === 'candidate') ? 'low' : 'high';
}

interface Held extends Compared {
  readonly windows: number;
  /** Probabilities: of the limit that is kept least, and of all together. */
  readonly worst: number;
  readonly together: number;
}

/** The plain probability must say so, and a cautious one must still say so at the level for many looks. */
function stateOf(trial: Trial, { worst, together, windows, ...compared }: Held): Finding['state'] {
  const cautious = (limit: Limit, favor: Compared['favor']): number =>
    probability(trial, { ...compared, limits: [limit], favor });
  if (worst < trial.feasible) {
    const level = lookLevel(trial.alpha.broken, windows);
    return compared.limits.some((limit) => cautious(limit, 'candidate') < level) ? 'broken' : 'open';
  }
  if (together <= trial.winner) return 'open';
  const level = lookLevel(trial.alpha.kept, windows);
  return compared.limits.every((limit) => 1 - cautious(limit, 'limit') < level) ? 'kept' : 'open';
}

/** Requests are counted, not estimated. Too few of them are not a fault of the candidate: more will come. */
function countFinding(requests: number, limits: readonly Limit[]): Finding {
  const over = limits.find(({ side, constant }) => side === 'upper' && requests > constant);
  const under = limits.find(({ side, constant }) => side === 'lower' && requests < constant);
  const limit = over ?? under ?? limits[0];
  const assessment = {
    metric: 'request-count',
    classification: over ? 'high' : under ? 'low' : limit ? 'pass' : 'nodata',
    value: requests,
    baseline: undefined,
    limit: limit?.constant,
    probability: over || under ? 0 : 1,
  } as const;
  return { assessment, limit, state: over ? 'broken' : under ? 'open' : limit ? 'kept' : 'unknown', windows: 0 };
}

function unknown(metric: string): Finding {
  const nothing = { value: undefined, baseline: undefined, limit: undefined };
  return {
    assessment: { metric, classification: 'nodata', ...nothing },
    limit: undefined,
    state: 'unknown',
    windows: 0,
  };
}

function least(limits: readonly Limit[], measure: (limit: Limit) => number): readonly [Limit, number] {
  const measured = limits.map((limit) => [limit, measure(limit)] as const);
  return measured.reduce((best, each) => (each[1] < best[1] ? each : best));
}
