import { exactReplicas, replicasOf } from '../environments/replica-ratio.js';
import type { Contradiction } from '../release/contradiction.js';
import { candidatesOf } from '../release/model.js';
import type { ResolvedRelease } from '../values/resolve.js';
import type { Lint } from './lint.js';
import { sharesAhead } from './shares-ahead.js';

/** From here on, what the pods make is called another step: half as much again, or half. */
const MOST_OFF = 0.5;

/** Pods that make shares far from the steps; shares that they cannot make at all are errors of the values. */
export const tooFewReplicas: Lint = {
  id: 'too-few-replicas',
  severity: 'warning',
  find({ loaded: { release } }): Contradiction[] {
    const { model, environment } = release;
    const [candidate] = candidatesOf(model);
    if (candidate === undefined || model.replicas === undefined || !environment.supports.includes('replicas'))
      return [];
    const off = sharesAhead(release)
      .map((share) => ({ share, made: shareMade(release, candidate.name, share) }))
      .find(({ share, made }) => made !== undefined && Math.abs(made - share) > share * MOST_OFF);
    if (off?.made === undefined) return [];
    return [
      {
        path: ['application', 'replicas'],
        message: `is ${model.replicas}, which makes ${off.made.toFixed(1)} % of a step of ${off.share} %`,
        hint: `Give ${exactReplicas([off.share, 100 - off.share])}, which make it exactly.`,
      },
    ];
  },
};

/** Returns the percent of the pods that the candidate has at a share; undefined where pods are not divided. */
function shareMade({ model, strategy }: ResolvedRelease, candidate: string, share: number): number | undefined {
  const { versions } = strategy.expose(model, { [candidate]: share });
  const exposed = { ...model, versions: model.versions.map((each) => ({ ...each, ...versions[each.name] })) };
  const pods = replicasOf(exposed, strategy.plan(exposed))?.get(candidate);
  return pods === undefined || model.replicas === undefined ? undefined : (100 * pods) / model.replicas;
}
