import { routedCandidatesOf } from '../release/model.js';
import { ruleFor } from '../release/route-plan.js';
import type { Strategy } from '../release/strategy.js';

/** The primary answers every request; candidates receive copies of a percentage of them. */
export const mirrored = {
  id: 'mirrored',
  aliases: ['mirror'],
  needs: 'mirror',
  reporter: 'destination',
  plan(release) {
    const mirrors = routedCandidatesOf(release)
      .filter((version) => version.weight > 0)
      .map((version) => ({ version: version.name, percent: version.weight }));
    const rest = ruleFor(release.primary);
    const { matches } = release;
    const copied = { ...rest, name: release.name, matches, mirrors };
    return { rules: matches.length > 0 ? [copied, rest] : [copied] };
  },
  expose({ primary }, shares) {
    const versions = Object.entries(shares).map(
      ([name, share]) => [name, share > 0 ? { weight: share, routed: true } : { weight: 0 }] as const,
    );
    return { primary, versions: Object.fromEntries(versions) };
  },
  exposureOf(release, candidate) {
    return routedCandidatesOf(release).find((version) => version.name === candidate)?.weight ?? 0;
  },
  grant: (share) => share,
  promote(release, candidate) {
    const versions = release.versions.map(({ name }) => [name, { weight: name === candidate ? 100 : 0 }] as const);
    return { primary: candidate, versions: Object.fromEntries(versions) };
  },
} as const satisfies Strategy;
