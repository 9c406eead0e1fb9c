import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { type ReleaseModel, versionPlace } from '../release/model.js';
import type { RouteMatch, RoutePlan } from '../release/route-plan.js';
import { misrouted, type Rank } from './precedence.js';

/** What a plan is checked against. */
export interface RouteTarget {
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  readonly environment: string;
  readonly rank: Rank;
  /** Returns why the target cannot express a match, or undefined. */
  readonly reason: (match: RouteMatch) => string | undefined;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const MAX_NAMED = 16;
const MAX_PATH = 1024;

/** Returns the matches that the target cannot express; where there are none, those that it would rank another way. */
export function refusePlan(release: ReleaseModel, plan: RoutePlan, target: RouteTarget): Contradiction[] {
  const refused = plan.rules.flatMap(({ matches }) =>
    matches.flatMap((match): Contradiction[] => {
      const why = target.reason(match);
      if (why === undefined) return [];
      const message = `cannot be a match of ${target.environment}: ${why}`;
      return [{ path: placeOf(release, plan, match), message, hint: 'Write it another way.' }];
    }),
  );
  return refused.length > 0 ? refused : refuseOrder(release, plan, target);
}

function refuseOrder(release: ReleaseModel, plan: RoutePlan, { kind, rank }: RouteTarget): Contradiction[] {
  const pairs = misrouted(plan, rank);
  return pairs
    .filter(({ match }, i) => pairs.findIndex((pair) => pair.match === match) === i)
    .map(({ match, above }) => {
      const path = placeOf(release, plan, match);
      const other = above ? formatPlace(placeOf(release, plan, above)) : 'the rule for all other requests';
      if ([match, above].some((each) => each?.path?.kind === 'regex'))
        return {
          path,
          message: `may be outranked by ${other}: each gateway has its own rank for a path by regular expression`,
          hint: 'Match the path by Exact or PathPrefix.',
        };
      const preferred = kind === 'HTTPRoute' ? 'an HTTPRoute' : 'a GRPCRoute';
      return {
        path,
        message: `is outranked by ${other}: ${preferred} prefers the more specific match`,
        hint: 'Add the same conditions here, or list the version with the more specific match first.',
      };
    });
}

/** Returns why neither kind of route can express a match, or undefined. */
export function notInAnyRoute({ headers, query, istio }: RouteMatch, kind: string): string | undefined {
  const route = kind === 'HTTPRoute' ? `an ${kind}` : `a ${kind}`;
  if (istio !== undefined) return `${route} has no ${Object.keys(istio).join(', ')}`;
  const prefix = [...headers, ...query].find(({ match }) => match.kind === 'prefix');
  if (prefix) return `${route} cannot match ${prefix.name} by prefix, only exact or by regular expression`;
  const empty = [...headers, ...query].find(({ match }) => match.value === '');
  if (empty) return `${route} cannot match ${empty.name} by an empty text`;
  const odd = [...headers, ...query].find(({ name }) => !/^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/.test(name));
  if (odd) return `${route} has no header or query parameter of the name ${JSON.stringify(odd.name)}`;
  if (Math.max(headers.length, query.length) > MAX_NAMED) return `${route} takes at most ${MAX_NAMED} of a sort`;
  return undefined;
}

/** Returns why an HTTPRoute cannot express a match that a route could, or undefined. */
export function notInHttpRoute({ path, method }: RouteMatch): string | undefined {
  if (method !== undefined && !methods.includes(method))
    return `an HTTPRoute has no method ${method}, only ${methods.join(', ')}`;
  if (path === undefined) return undefined;
  if (path.value.length > MAX_PATH) return `an HTTPRoute takes a path of at most ${MAX_PATH} characters`;
  if (path.kind === 'regex') return path.value === '' ? 'an HTTPRoute takes no empty path' : undefined;
  if (!path.value.startsWith('/')) return 'an HTTPRoute takes only paths that start with /';
  const plain = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(path.value);
  if (plain && !/\/\/|\/\.{1,2}(?:\/|$)|%2f/i.test(path.value)) return undefined;
  return `an HTTPRoute does not take the path ${path.value}: it has //, /./, /../, %2F or what no path has`;
}

/**
 * Returns a notice for every path prefix in Istio's form: Istio compares text, so that /api fits /apis as well, and the
 * Gateway API compares whole elements. Hardly anybody means /apis; who does can say it by regular expression.
 */
export function noticePrefixes(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  return plan.rules.flatMap(({ matches }) =>
    matches.flatMap((match): Contradiction[] => {
      const { path } = match;
      const place = placeOf(release, plan, match);
      if (place.at(-2) !== 'match' || path?.kind !== 'prefix' || path.value === '/') return [];
      const bare = path.value.replace(/\/$/, '');
      const message = path.value.endsWith('/')
        ? `fits ${bare} as well`
        : `fits ${bare} and what is below it, not ${bare}x`;
      const hint = 'The Gateway API compares whole elements of a path; write matches with PathPrefix to say so.';
      return [{ path: [...place, 'uri', 'prefix'], message, hint }];
    }),
  );
}

/** A match that nobody wrote stands for its version, whose rule is called like it. */
function placeOf(release: ReleaseModel, { rules }: RoutePlan, match: RouteMatch): readonly PathSegment[] {
  if (match.place.length > 0) return match.place;
  return versionPlace(release, rules.find(({ matches }) => matches.includes(match))?.name ?? release.primary);
}

/** `application.versions[1].matches[0]` */
function formatPlace(place: readonly PathSegment[]): string {
  return place.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}
