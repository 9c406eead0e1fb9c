import type { Contradiction } from './contradiction.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';

/** Returns what in the analysis and the rollout contradicts the rest of the values. */
export function checkEvaluation(values: Values, release: ResolvedRelease): Contradiction[] {
  return [...checkPresence(values, release), ...checkFirst(values), ...checkSteps(release), ...checkObjectives(values)];
}

function checkPresence({ analysis, rollout }: Values, { strategy }: ResolvedRelease): Contradiction[] {
  const found: Contradiction[] = [];
  if ((analysis === undefined) !== (rollout === undefined)) {
    const [there, missing] = analysis === undefined ? ['rollout', 'analysis'] : ['analysis', 'rollout'];
    const hint = 'An evaluated release has both, any other has neither.';
    found.push({ path: [there], message: `stands without ${missing}`, hint });
  }
  if (analysis !== undefined && strategy.needs === undefined) {
    const message = `is ${strategy.id}, which exposes no candidate, but the values ask for an analysis`;
    found.push({ path: ['application', 'strategy'], message, hint: 'Choose blue-green, canary or mirrored.' });
  }
  return found;
}

/** A candidate that is put on top of the list would be the primary without having been judged. */
function checkFirst({ application, analysis }: Values): Contradiction[] {
  const [first, second] = application.versions;
  if (analysis === undefined || application.primary || second === undefined || first?.weight !== 0) return [];
  const message = 'is 0, but as the first of the versions this one is the primary';
  const hint = 'Name the primary in application.primary.';
  return [{ path: ['application', 'versions', 0, 'weight'], message, hint }];
}

function checkSteps({ rollout, strategy }: ResolvedRelease): Contradiction[] {
  const steps = rollout?.steps ?? [];
  return steps.flatMap((step, position): Contradiction[] => {
    const path = ['rollout', 'steps', position];
    const before = steps[position - 1] ?? 0;
    if (step <= before) {
      return [{ path, message: `is ${step}, not above the step before it`, hint: 'Steps rise, such as [5, 20, 50].' }];
    }
    if (step < 100 || strategy.needs !== 'weight') return [];
    const message = 'is 100, which leaves the primary without traffic to compare with';
    return [
      {
        path,
        message,
        hint: 'Leave it out: after the last step the candidate is promoted, and then it gets everything.',
      },
    ];
  });
}

function checkObjectives({ analysis }: Values): Contradiction[] {
  return (analysis?.objectives ?? []).flatMap(({ metric, maxRatio, minRatio }, position) => {
    if (metric !== 'request-count' || (maxRatio ?? minRatio) === undefined) return [];
    const path = ['analysis', 'objectives', position, maxRatio === undefined ? 'minRatio' : 'maxRatio'];
    const message = 'compares counts of requests, which follow from the weights';
    return [{ path, message, hint: 'Give request-count an upperLimit or a lowerLimit.' }];
  });
}
