import { subjectsOf } from '../evaluate/ledger.js';
import type { Contradiction } from '../release/contradiction.js';
import { type Objective, percentileOf } from '../release/evaluation.js';
import { telemetryOf } from '../sources/telemetry/registry.js';
import type { Project } from '../values/project.js';
import type { ResolvedRelease } from '../values/resolve.js';
import type { Lint } from './lint.js';

/** A limit on a percentile that is finer than the buckets by which its latencies are counted. */
export const coarseBuckets: Lint = {
  id: 'coarse-buckets',
  severity: 'warning',
  find({ loaded: { release }, project }): Contradiction[] {
    const { analysis } = release;
    if (analysis === undefined) return [];
    const percentiles = analysis.objectives.filter(({ metric }) => percentileOf(metric) !== undefined);
    const buckets = percentiles.length === 0 ? undefined : bucketsFor(release, project?.metrics);
    if (buckets === undefined) return [];
    return analysis.objectives.flatMap((objective, position) => {
      if (percentileOf(objective.metric) === undefined) return [];
      return [...checkLimits(objective, buckets), ...checkRatios(objective, buckets)].map((found) => {
        return { ...found, path: ['analysis', 'objectives', position, ...found.path] };
      });
    });
  },
};

interface Buckets {
  /** In milliseconds, rising. */
  readonly bounds: readonly number[];
  /** How to get a bound at a limit, up to where that is told. */
  readonly mending: string;
}

/** Returns how durations are counted; undefined where nobody says so. */
export function bucketsFor(release: ResolvedRelease, metrics: Project['metrics']): Buckets | undefined {
  const { primary } = release.model;
  const environment = subjectsOf(release, [primary])[primary]?.environment ?? release.environment.id;
  const choice = metrics?.source === 'prometheus' ? metrics.telemetry : undefined;
  const other = metrics !== undefined && metrics.source !== 'prometheus';
  const telemetry = other ? undefined : telemetryOf(environment, choice);
  const bounds = metrics?.buckets ?? telemetry?.buckets;
  const finer = telemetry?.finer ?? 'have it counted finer';
  const mending = `${finer} and list their bounds in metrics.buckets of sluice.yaml, one at`;
  return bounds && { bounds, mending };
}

function checkLimits(objective: Objective, { bounds, mending }: Buckets): Contradiction[] {
  return (['upperLimit', 'lowerLimit'] as const).flatMap((key): Contradiction[] => {
    const limit = objective[key];
    if (limit === undefined || bounds.some((bound) => isNear(bound, limit))) return [];
    const below = bounds.findLast((bound) => bound < limit);
    const above = bounds.find((bound) => bound > limit);
    const near = [below, above].filter((bound) => bound !== undefined);
    const alike =
      below === undefined
        ? `anything below ${above}`
        : above === undefined
          ? `anything above ${below}`
          : near.join(' and ');
    const message = `is ${limit} ms, where no bucket ends: it cannot be told from ${alike}`;
    return [{ path: [key], message, hint: `Write ${near.join(' or ')}, or ${mending} ${limit}.` }];
  });
}

function checkRatios(objective: Objective, { bounds, mending }: Buckets): Contradiction[] {
  const steps = bounds.slice(1).map((bound, i) => bound / (bounds[i] ?? bound));
  const finest = Math.min(...steps);
  return (['maxRatio', 'minRatio'] as const).flatMap((key): Contradiction[] => {
    const ratio = objective[key];
    if (ratio === undefined || isNear(ratio, 1)) return [];
    const times = Math.max(ratio, 1 / ratio);
    if (times >= finest * (1 - ROUNDING)) return [];
    const far =
      steps.length === 0 ? 'there is one alone' : `each ends at ${rounded(finest)} times the one below or more`;
    const message = `is ${ratio}, finer than the buckets: ${far}`;
    const hint = `Give an upperLimit at the end of a bucket, or ${mending} ${ratio} times another.`;
    return [{ path: [key], message, hint }];
  });
}

function isNear(bound: number, wanted: number): boolean {
  return Math.abs(bound - wanted) <= ROUNDING * wanted;
}

/** 1.2 × 250 is 300. */
const ROUNDING = 1e-6;

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
