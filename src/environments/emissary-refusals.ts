import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { type ReleaseModel, versionPlace } from '../release/model.js';
import { anyRequest, type RouteMatch, type RoutePlan } from '../release/route-plan.js';
import { mappingHosts } from './emissary-mapping.js';
import { groupText, mappingMatch, rankBelow, textPlan, unmappable } from './emissary-match.js';
import { refuseHosts } from './hosts.js';
import { misrouted } from './precedence.js';
import { refuseMatches } from './refusals.js';

/** Returns what of a release and its plan cannot be made of Mappings. */
export function refuseMappings(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  const refused = refuseMatches(plan, 'emissary', (match) => unmappable(release.prefix, match));
  return [
    // No Host of it takes a Mapping with a port.
    ...refuseHosts(release, { target: 'a Mapping', addresses: true, any: true }),
    ...refuseSecondMirror(release, plan),
    ...(refused.length > 0 ? refused : refuseOrder(release, textPlan(release.prefix, placed(release, plan)))),
  ];
}

function refuseSecondMirror(release: ReleaseModel, { rules }: RoutePlan): Contradiction[] {
  const further = new Set(rules.flatMap(({ mirrors }) => mirrors.slice(1).map(({ version }) => version)));
  return [...further].map((version) => ({
    path: versionPlace(release, version),
    message: 'is a second version with a mirror, and Emissary takes one',
    hint: 'Give all candidates but one routed: false.',
  }));
}

/** A match that nobody wrote stands at its version, so that every refusal has a place. */
function placed(release: ReleaseModel, { rules }: RoutePlan): RoutePlan {
  return {
    rules: rules.map((rule) => ({
      ...rule,
      matches: rule.matches.map((match) => {
        const [backend] = rule.backends;
        if (match.place.length > 0 || backend === undefined) return match;
        return { ...match, place: versionPlace(release, backend.version) };
      }),
    })),
  };
}

/** Emissary ranks Mappings by their length, not by the plan's order. */
function refuseOrder(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  const hint =
    'Emissary prefers the longer path, then the longer headers with the method, then the longer query parameters: ' +
    'make this match the longer one, or let the two exclude each other.';
  const pairs = misrouted(plan, rankBelow(release.prefix), { ties: 'undefined', prefixes: 'text' });
  if (pairs.length === 0) return refuseGroups(release, plan);
  return distinct(
    pairs.map(({ match, above }) => {
      const message = `would lose requests to ${written(above?.place ?? [])}, which Emissary ranks higher or the same`;
      return { path: match.place, message, hint };
    }),
  );
}

/** A match that became two is refused once. */
function distinct(all: readonly Contradiction[]): Contradiction[] {
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** Mappings of one group must have one match: Emissary drops those that differ. */
function refuseGroups(release: ReleaseModel, { rules }: RoutePlan): Contradiction[] {
  const all = rules.flatMap(({ matches }) => (matches.length > 0 ? matches : [anyRequest]));
  const groups = new Map<string, { readonly match: RouteMatch; readonly text: string }>();
  return mappingHosts(release).flatMap((host) =>
    all.flatMap((match): Contradiction[] => {
      const mapping = mappingMatch(release.prefix, match);
      const key = groupText(host, mapping);
      const text = JSON.stringify([host, mapping]);
      const first = groups.get(key);
      if (first === undefined) groups.set(key, { match, text });
      if (first === undefined || first.text === text) return [];
      // The rule for all other requests is the last one and nobody wrote it.
      const [own, other] = match.place.length > 0 ? [match, first.match] : [first.match, match];
      const message = `reads to Emissary like ${written(other.place)}, and of two such Mappings it drops one`;
      return [{ path: own.place, message, hint: 'Change the name or the value of one of them.' }];
    }),
  );
}

function written(place: readonly PathSegment[]): string {
  if (place.length === 0) return 'the rule for all other requests';
  return place
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`))
    .join('')
    .slice(1);
}
