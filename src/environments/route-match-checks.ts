import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { type ReleaseModel, versionPlace } from '../release/model.js';
import type { NamedMatch, RouteMatch, RoutePlan } from '../release/route-plan.js';
import { prefixRegex } from './named-regex.js';
import { misrouted, type Rank } from './precedence.js';
import { onlyInIstio, type Reasons, refuseMatches, type Unfit } from './refusals.js';
import { refuseTextPrefix } from './text-prefix.js';

/** What a plan is checked against. */
export interface RouteTarget {
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  readonly environment: string;
  readonly rank: Rank;
  /** Returns why this kind of route cannot express a match. */
  readonly reasons: Reasons;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const MAX_NAMED = 16;
const MAX_PATH = 1024;
const MAX_HEADER = 4096;
const MAX_QUERY = 1024;

/** Returns the matches that the target cannot express; where there are none, those that it would rank another way. */
export function refusePlan(release: ReleaseModel, plan: RoutePlan, target: RouteTarget): Contradiction[] {
  const refused = refuseMatches(plan, target.environment, (match, siblings) => [
    ...notInAnyRoute(match, target.kind),
    ...target.reasons(match, siblings),
  ]);
  // What cannot be written has no rank.
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

/** Returns why neither kind of route can express a match. */
function notInAnyRoute(match: RouteMatch, kind: string): Unfit[] {
  const route = kind === 'HTTPRoute' ? `an ${kind}` : `a ${kind}`;
  return [
    ...onlyInIstio(match, route),
    ...notInNamed(match.headers, { route, sort: 'headers', most: MAX_HEADER }),
    ...notInNamed(match.query, { route, sort: 'query parameters', most: MAX_QUERY }),
  ];
}

interface Named {
  readonly route: string;
  readonly sort: string;
  /** Characters of a value. */
  readonly most: number;
}

function notInNamed(all: readonly NamedMatch[], { route, sort, most }: Named): Unfit[] {
  const found = all.flatMap(({ name, match }): Unfit[] => {
    if (!/^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/.test(name)) {
      const hint = "A name has 1 to 256 letters, digits and ! # $ % & ' * + - . ^ _ ` | ~ only.";
      return [{ why: `${route} has no ${sort} of the name ${JSON.stringify(name)}`, hint }];
    }
    // A prefix that is empty stays so: it says as little as an empty text.
    const written = match.kind === 'prefix' && match.value !== '' ? prefixRegex(match.value) : match.value;
    const { length } = [...written];
    if (length > most) {
      const why = `${route} takes at most ${most} characters of ${name}, and this has ${length}`;
      return [{ why, hint: 'Match a shorter value.' }];
    }
    if (length > 0) return [];
    const hint = 'Give the value, or the regular expression .* for any.';
    return [{ why: `${route} cannot match ${name} by an empty text`, hint }];
  });
  if (all.length <= MAX_NAMED) return found;
  const hint = `Leave out ${all.length - MAX_NAMED} of them.`;
  return [...found, { why: `${route} takes at most ${MAX_NAMED} ${sort}, and this has ${all.length}`, hint }];
}

/** Returns why an HTTPRoute cannot express a match that a route could. */
export function notInHttpRoute(match: RouteMatch, siblings: readonly RouteMatch[]): Unfit[] {
  const { method } = match;
  const path = pathNotInHttpRoute(match, siblings);
  const found = path === undefined ? [] : [path];
  if (method === undefined || methods.includes(method)) return found;
  return [...found, { why: `an HTTPRoute has no method ${method}`, hint: `Use one of ${methods.join(', ')}.` }];
}

function pathNotInHttpRoute(match: RouteMatch, siblings: readonly RouteMatch[]): Unfit | undefined {
  const { path } = match;
  if (path === undefined) return undefined;
  if (path.value.length > MAX_PATH) {
    const hint = 'Match a shorter PathPrefix.';
    return {
      why: `an HTTPRoute takes a path of at most ${MAX_PATH} characters, and this has ${path.value.length}`,
      hint,
    };
  }
  if (path.kind === 'regex') {
    return path.value === '' ? { why: 'an HTTPRoute takes no empty path', hint: 'Leave the path out.' } : undefined;
  }
  if (!path.value.startsWith('/')) {
    return { why: 'an HTTPRoute takes only paths that start with /', hint: 'Put / before it.' };
  }
  const plain = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(path.value);
  if (plain && !/\/\/|\/\.{1,2}(?:\/|$)|%2f/i.test(path.value)) return refuseTextPrefix(match, siblings);
  const why = `an HTTPRoute does not take the path ${path.value}: it has //, /./, /../, %2F or what no path has`;
  const hint =
    "A path has letters, digits and - . _ ~ ! $ & ' ( ) * + , ; = : @ / only, and all else as % and two digits.";
  return { why, hint };
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
