import { routedCandidatesOf } from '../release/model.js';
import { ruleFor } from '../release/route-plan.js';
import type { Strategy } from '../release/strategy.js';

/** Requests that match go to their candidate, all others to the primary alone. */
export const canary = {
  id: 'canary',
  aliases: [],
  needs: 'match',
  reporter: 'source',
  plan(release) {
    const candidates = routedCandidatesOf(release).map(({ name, matches }) => ruleFor(name, matches));
    return { rules: [...candidates, ruleFor(release.primary)] };
  },
  expose({ primary }, shares) {
    const versions = Object.entries(shares).map(([name, share]) => [name, { routed: share > 0 }] as const);
    return { primary, versions: Object.fromEntries(versions) };
  },
  exposureOf(release, candidate) {
    return routedCandidatesOf(release).some((version) => version.name === candidate) ? 100 : 0;
  },
  grant: (share) => (share > 0 ? 100 : 0),
  promote(release, candidate) {
    const versions = release.versions.map(({ name }) => [name, { routed: name === candidate }] as const);
    return { primary: candidate, versions: Object.fromEntries(versions) };
  },
} as const satisfies Strategy;
