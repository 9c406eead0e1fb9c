import { type PolicyId, policies } from '../policies/registry.js';
import { mostBeside } from '../release/most-beside.js';
import type { ResolvedRelease } from '../values/resolve.js';

/** Returns the shares that the rollout may give to a candidate before it is promoted, in percent; none without one. */
export function sharesAhead({ rollout, strategy, analysis }: ResolvedRelease): readonly number[] {
  if (rollout === undefined || strategy.needs === 'match') return [];
  if (rollout.steps.length > 0) return rollout.steps.map(({ share }) => share);
  // The last one that is left may have as much as one alone.
  const shares: readonly number[] = policies[rollout.policy as PolicyId].reaches(rollout, 1);
  return analysis?.baseline === 'fresh' ? shares.filter((share) => share <= mostBeside(1)) : shares;
}
