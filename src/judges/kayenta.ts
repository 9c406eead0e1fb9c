import type { Contradiction } from '../release/contradiction.js';
import type { Analysis, Objective } from '../release/evaluation.js';
import type { Judge, Refusal } from '../release/judge.js';
import { commonGroup } from './kayenta/metric-of.js';
import { settingsOf } from './kayenta/settings.js';

/**
 * Kayenta's NetflixACAJudge-v1.0 over windows: one point per window and metric, compared by ranks, and the share of the
 * metrics that pass as a score. A maxRatio is an allowed increase, a minRatio an allowed
 * decrease; without either any clear shift for the worse counts. It is no test that may be looked at every minute, so
 * it looks at every so many windows (30), each time at those since the look before: ranks see no change that only the
 * smaller half of the points shows. A fail counts until the next look, a pass for a tenth of that long: what comes
 * later nobody has judged.
 *
 * Other than Kayenta, which has no unit but whose root has an absolute tolerance, it takes values in parts of their
 * mean, so that ms and s decide alike; and means and gauges that never vary are no evidence.
 */
export const kayenta = {
  id: 'kayenta',
  windows: 'analysis',
  lookback: 'own',
  looksEvery: (settings) => settingsOf(settings).windows,
  refuses,
  contradictions,
  load: async () => (await import('./kayenta/verdict.js')).verdictOf,
  loadCase: async () => (await import('./kayenta-case.js')).answerKayentaCase,
} as const satisfies Judge;

function refuses(objective: Objective, { comparable }: { readonly comparable: boolean }): Refusal | undefined {
  const { metric, upperLimit, lowerLimit, harm, nonInferiority } = objective;
  const compares = 'compares a candidate with the baseline only';
  if (!comparable) {
    const hint =
      'The match sends other people to the candidate: choose the judge sequential or threshold, with limits.';
    return { message: `is for the judge kayenta, which ${compares}`, hint };
  }
  if (metric === 'request-count') {
    return { message: 'counts requests, which follow from the weights', hint: 'Take it out, or choose another judge.' };
  }
  if ((upperLimit ?? lowerLimit ?? harm ?? nonInferiority) === undefined) return undefined;
  const hint = 'Give maxRatio or minRatio or neither, or choose the judge sequential or threshold.';
  return { message: `has a limit or a margin, but kayenta ${compares}`, hint };
}

/** What never looks, never finds anything marginal, or counts for nothing. */
function contradictions({ interval, maxDuration, objectives, settings }: Analysis): readonly Contradiction[] {
  const { windows, pass, marginal, groupWeights } = settingsOf(settings);
  const found: Contradiction[] = [...scoring(objectives, groupWeights), ...objectives.flatMap(twoLimits)];
  if (windows * interval > maxDuration) {
    const message = `is ${windows}, and so many windows of ${interval} s take longer than maxDuration, ${maxDuration} s`;
    const hint = 'Give fewer windows, a shorter interval or a longer maxDuration.';
    found.push({ path: ['kayenta', 'windows'], message, hint });
  }
  if (pass >= marginal) return found;
  const message = `is ${pass}, below marginal, which is ${marginal}`;
  return [...found, { path: ['kayenta', 'pass'], message, hint: 'Give a pass that is at least marginal.' }];
}

/** Kayenta takes any weights, and then nothing scores 100, or some groups more. */
function scoring(objectives: readonly Objective[], weights: { readonly [group: string]: number }): Contradiction[] {
  const counted = objectives.filter(({ kayenta }) => kayenta?.muted !== true);
  if (counted.length === 0) {
    return [{ path: ['objectives'], message: 'are all muted, so nothing counts', hint: 'Unmute one of them.' }];
  }
  const groups = new Set(counted.flatMap(({ kayenta }) => kayenta?.groups ?? [commonGroup]));
  const path = ['kayenta', 'groupWeights'];
  const strangers = Object.keys(weights).filter((group) => !groups.has(group));
  if (strangers.length > 0) {
    const hint = `The groups are: ${[...groups].join(', ')}; objectives name theirs in kayenta.groups.`;
    return strangers.map((group) => ({
      path: [...path, group],
      message: 'is no group of an objective that counts',
      hint,
    }));
  }
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const isShared = [...groups].some((group) => !Object.hasOwn(weights, group));
  if (isShared ? total < 100 : Math.abs(total - 100) < 1e-6) return [];
  const message = `sum to ${total}${isShared ? ', which leaves nothing of 100 to the other groups' : ' and not to 100'}`;
  return [{ path, message, hint: 'Give weights that sum to 100, or to less where other groups share the rest.' }];
}

const sameLimit = [
  ['maxRatio', 'allowedIncrease'],
  ['minRatio', 'allowedDecrease'],
] as const;

function twoLimits({ kayenta, ...objective }: Objective, position: number): Contradiction[] {
  return sameLimit.flatMap(([ours, theirs]): Contradiction[] => {
    if (objective[ours] === undefined || kayenta?.effectSize?.[theirs] === undefined) return [];
    const path = ['objectives', position, 'kayenta', 'effectSize', theirs];
    return [{ path, message: `says what ${ours} says beside it`, hint: 'Take one of them out.' }];
  });
}
