import { measure } from '../../../src/judges/measure.js';
import type { Sample } from '../../../src/release/evaluation.js';
import type { Player } from '../../../src/simulate/player.js';
import { type Limits, ordinaryLimits } from './ordinary-limits.js';
import { enterWith, fileAt, newestOf, type Rule, successOf } from './rule.js';

/** Of a rollout with a background analysis. */
interface Rollout extends Limits {
  /** Each for ten minutes. */
  readonly weights: readonly number[];
  /** Minutes from the entry to the first measurement, and from one to the next. */
  readonly start: number;
  readonly every: number;
  readonly failureLimit: number;
}

const PAUSE = 10;

const repository = 'argoproj/argo-rollouts';
/** Its guide to analyses, which has one with Kayenta as well. */
export const analysisPage = fileAt({
  repository,
  commit: '010ad554e932161b933a6df49ee3378b1c470e5e',
  path: 'docs/features/analysis.md',
});
const controller = fileAt({
  repository,
  commit: 'c9dd7ea02f9dbc933ec706821b4530401ab9e6ba',
  path: 'analysis/analysis.go',
});

/** The documentation's background analysis: 20, 40, 60, 80 % for ten minutes each, measured from 40 % on. */
export const argoRollouts = {
  id: 'argo-rollouts',
  name: 'Argo Rollouts',
  text: '20, 40, 60 and 80 % for ten minutes each; from 40 % on the success rate is measured every five minutes, and more than 3 measurements under 95 % abort',
  source: `Argo Rollouts (argoproj.io/v1alpha1): Background Analysis in ${analysisPage}, and assessMetricStatus in ${controller}`,
  player: () =>
    playerOf({
      ...{ weights: [20, 40, 60, 80], start: PAUSE, every: 5, failureLimit: 3 },
      ...{ success: 0.95, duration: Number.POSITIVE_INFINITY },
    }),
} as const satisfies Rule;

/** The same by somebody who knows the service, with a second metric. */
export const argoRolloutsTuned = {
  id: 'argo-rollouts-tuned',
  name: 'Argo Rollouts, tuned',
  text: '5, 10, 25 and 50 % for ten minutes each; measured every minute from the start, with limits of success and p95 that one in a hundred ordinary minutes breaks; more than 3 failed measurements of either abort',
  source: 'as Argo Rollouts, with the settings of a team that knows its service',
  player: (scenario) =>
    playerOf({
      ...{ weights: [5, 10, 25, 50], start: 1, every: 1, failureLimit: 3 },
      ...ordinaryLimits(scenario, 5, 0.95),
    }),
} as const satisfies Rule;

/**
 * `failureLimit` measurements may fail, each metric for itself. What the documentation measures with `irate` is the newest
 * window here. A measurement without data is an error there; four in a row are allowed, and fewer come here.
 */
function playerOf({ weights, start, every, failureLimit, ...limits }: Rollout): Player {
  let failed: readonly number[] = [0, 0];
  return enterWith(weights[0] ?? 0, (rows) => {
    const minute = rows.length;
    const sample = newestOf(rows);
    if (sample !== undefined && minute >= start && (minute - start) % every === 0) {
      const fails = failuresOf(sample, limits);
      failed = failed.map((count, metric) => count + (fails[metric] ? 1 : 0));
    }
    if (failed.some((count) => count > failureLimit)) return 'roll back';
    return weights[Math.floor(minute / PAUSE)] ?? 'promote';
  });
}

function failuresOf(sample: Sample, { success, duration }: Limits): readonly boolean[] {
  return [successOf(sample) < success, (measure('latency-p95', [sample])?.value ?? 0) > duration];
}
