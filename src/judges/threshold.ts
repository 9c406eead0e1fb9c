import type { Contradiction } from '../release/contradiction.js';
import type { Analysis, Objective } from '../release/evaluation.js';
import type { Judge, Refusal } from '../release/judge.js';

/**
 * Plain limits on what the windows show, absolute or relative to the baseline; limits are inclusive. It knows no chance:
 * it lets nothing pass before every version has `minRequests`, and without the newest window of all. A candidate
 * without a baseline beside it is held to its absolute limits. Percentiles are estimates from buckets, and a gauge is
 * the mean of its windows.
 *
 * Together (`windows: all`) a single breach fails. Each for itself, `failures` is Argo Rollouts' `failureLimit` (more
 * failing measurements than that fail) and one less than Flagger's `threshold` (as many failed checks roll back); as
 * with Flagger a window counts once however many objectives it breaks, where Argo counts each metric for itself, and
 * nothing moves on while the newest one fails. `consecutiveFailures` has no counterpart: Argo's `consecutiveErrorLimit`
 * counts measurements that could not be made. A window without data counts nowhere here; it is a failed check to Flagger
 * and an error to Argo. Flagger counts over a whole release; here it begins again with every share, as Argo's analysis
 * of one step does. Who wins follows Iter8 v2alpha1: see `verdictOf`.
 */
export const threshold = {
  id: 'threshold',
  windows: 'share',
  lookback: 'last',
  refuses,
  readsRewards: true,
  contradictions,
  load: async () => (await import('./threshold/verdict.js')).verdictOf,
  loadCase: async () => (await import('./threshold-case.js')).answerThresholdCase,
} as const satisfies Judge;

function refuses(objective: Objective, { comparable }: { readonly comparable: boolean }): Refusal | undefined {
  const { upperLimit, lowerLimit, maxRatio, minRatio, harm, nonInferiority } = objective;
  const absolute = (upperLimit ?? lowerLimit) !== undefined;
  if ((harm ?? nonInferiority) !== undefined) {
    const message = 'has a margin, and threshold knows limits only';
    return { message, hint: 'Give upperLimit, lowerLimit, maxRatio or minRatio, or choose the judge sequential.' };
  }
  if (!absolute && (maxRatio ?? minRatio) === undefined) {
    return { message: 'has no limit', hint: 'Give upperLimit, lowerLimit, maxRatio or minRatio.' };
  }
  if (absolute || comparable) return undefined;
  return {
    message: 'compares the testers of a candidate with everybody else',
    hint: 'Give upperLimit or lowerLimit, or split the requests inside the match: blue-green with application.match.',
  };
}

function contradictions({ settings }: Analysis): readonly Contradiction[] {
  const written = settings.threshold ?? {};
  if (written.windows === 'each') return [];
  const unread = (['failures', 'consecutiveFailures'] as const).filter((key) => written[key] !== undefined);
  return unread.map((key) => ({
    path: ['threshold', key],
    message: 'has no effect without windows: each',
    hint: 'Write windows: each beside it, or take it out.',
  }));
}
