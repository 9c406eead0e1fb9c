import { type PolicyId, policies } from '../policies/registry.js';
import type { ReleaseModel } from '../release/model.js';
import type { ResolvedRelease } from '../values/resolve.js';

/** Returns the shares that the rollout may give to a candidate before it is promoted, in percent; none without one. */
export function sharesAhead({ rollout, strategy }: ResolvedRelease): readonly number[] {
  if (rollout === undefined || strategy.needs === 'match') return [];
  if (rollout.steps.length > 0) return rollout.steps.map(({ share }) => share);
  // The evaluator moves one candidate at a time.
  return policies[rollout.policy as PolicyId].reaches(rollout, 1);
}

/** Returns the versions beside the primary. */
export function candidatesOf({ versions, primary }: ReleaseModel): ReleaseModel['versions'] {
  return versions.filter(({ name }) => name !== primary);
}
