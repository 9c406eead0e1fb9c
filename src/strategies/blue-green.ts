import type { ReleaseModel } from '../release/model.js';
import type { Shares } from '../release/policy.js';
import { type Backend, type RoutePlan, ruleFor } from '../release/route-plan.js';
import { shares } from '../release/shares.js';
import type { Allocation, Strategy } from '../release/strategy.js';

/** Requests are split over the routed versions in proportion to their weights; those outside a match stay on the primary. */
export const blueGreen = {
  id: 'blue-green',
  aliases: [],
  needs: 'weight',
  reporter: 'source',
  plan,
  expose(release, shares) {
    const given = Object.values(shares).reduce((sum, share) => sum + share, 0);
    return allocation(release, release.primary, { ...shares, [release.primary]: 100 - given });
  },
  exposureOf(release, candidate) {
    return split(release).find((backend) => backend.version === candidate)?.share ?? 0;
  },
  grant: (share) => share,
  promote: (release, candidate) => allocation(release, candidate, { [candidate]: 100 }),
} as const satisfies Strategy;

function plan(release: ReleaseModel): RoutePlan {
  const { name, matches } = release;
  const rule = { name, matches, backends: split(release), mirrors: [], weighted: true };
  return { rules: matches.length > 0 ? [rule, ruleFor(release.primary)] : [rule] };
}

function split({ versions }: ReleaseModel): Backend[] {
  const routed = versions.filter((version) => version.routed);
  const percents = shares(routed.map((version) => version.weight));
  return routed
    .map((version, i) => ({ version: version.name, share: percents[i] ?? 0 }))
    .filter(({ share }) => share > 0);
}

function allocation(release: ReleaseModel, primary: string, weights: Shares): Allocation {
  const versions = release.versions.map(({ name }) => {
    const weight = weights[name] ?? 0;
    return [name, weight > 0 ? { weight, routed: true } : { weight }] as const;
  });
  return { primary, versions: Object.fromEntries(versions) };
}
