import type { Contradiction } from '../release/contradiction.js';
import { type Objective, percentileOf } from '../release/evaluation.js';
import { istioBuckets } from '../sources/istio-buckets.js';
import type { Lint } from './lint.js';
import { measured } from './no-metrics.js';

/** A limit on a percentile that is finer than the buckets by which its latencies are counted. */
export const coarseBuckets: Lint = {
  id: 'coarse-buckets',
  severity: 'warning',
  find({ loaded: { release }, project }): Contradiction[] {
    const { analysis, environment } = release;
    if (analysis === undefined || !measured.includes(environment.id)) return [];
    const bounds = project?.metrics?.buckets ?? istioBuckets;
    return analysis.objectives.flatMap((objective, position) => {
      if (percentileOf(objective.metric) === undefined) return [];
      return [...checkLimits(objective, bounds), ...checkRatios(objective, bounds)].map((found) => {
        return { ...found, path: ['analysis', 'objectives', position, ...found.path] };
      });
    });
  },
};

function checkLimits(objective: Objective, bounds: readonly number[]): Contradiction[] {
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

function checkRatios(objective: Objective, bounds: readonly number[]): Contradiction[] {
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

const mending =
  'have the proxies count finer (sidecar.istio.io/statsHistogramBuckets) and list their bounds in metrics.buckets of sluice.yaml, one at';

function isNear(bound: number, wanted: number): boolean {
  return Math.abs(bound - wanted) <= ROUNDING * wanted;
}

/** 1.2 × 250 is 300. */
const ROUNDING = 1e-6;

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
