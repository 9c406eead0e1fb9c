import type { PathSegment } from '../release/contradiction.js';
import type { JsonObject } from '../release/json.js';
import type { NamedMatch, RouteMatch, StringMatch } from '../release/route-plan.js';
import type { Values } from './values.js';

type Forms = Pick<Values['application'], 'match' | 'matches'>;
type IstioMatch = NonNullable<Forms['match']>[number];
type GatewayMatch = NonNullable<Forms['matches']>[number];
type IstioStringMatch = NonNullable<IstioMatch['uri']>;

/** What sends a request to a candidate that names no match: the header `traffic: test`, as in Iter8. */
export const defaultMatch: RouteMatch = {
  place: [],
  headers: [{ name: 'traffic', match: { kind: 'exact', value: 'test' } }],
  query: [],
  path: undefined,
  method: undefined,
  istio: undefined,
};

/** Returns the matches of an application or a version in neutral form, from Istio's form or the Gateway API's. */
export function matchesOf({ match, matches }: Forms, place: readonly PathSegment[]): RouteMatch[] {
  if (match !== undefined) return match.map((each, i) => ({ place: [...place, 'match', i], ...fromIstio(each) }));
  return (matches ?? []).map((each, i) => ({ place: [...place, 'matches', i], ...fromGatewayApi(each) }));
}

function fromIstio({ headers, queryParams, uri, method, ...others }: IstioMatch): Omit<RouteMatch, 'place'> {
  const named = (entries: Record<string, IstioStringMatch | Record<string, never>> = {}): NamedMatch[] =>
    Object.entries(entries)
      .map(([name, match]) => ({ name, match: stringMatch(match) }))
      // A map has no order, and the same values give the same bytes.
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    headers: named(headers),
    query: named(queryParams),
    path: uri && stringMatch(uri),
    method: method?.exact,
    istio: Object.keys(others).length > 0 ? (others as JsonObject) : undefined,
  };
}

function stringMatch(match: IstioStringMatch | Record<string, never>): StringMatch {
  if ('exact' in match) return { kind: 'exact', value: match.exact as string };
  if ('prefix' in match) return { kind: 'prefix', value: match.prefix as string };
  if ('regex' in match) return { kind: 'regex', value: match.regex as string };
  return { kind: 'regex', value: '.*', presence: true };
}

function fromGatewayApi({ headers = [], queryParams = [], path, method }: GatewayMatch): Omit<RouteMatch, 'place'> {
  const named = (entries: NonNullable<GatewayMatch['headers']>): NamedMatch[] =>
    entries.map(({ type, name, value }) => ({
      name,
      match: { kind: type === 'RegularExpression' ? 'regex' : 'exact', value },
    }));
  const kinds = { Exact: 'exact', PathPrefix: 'prefix', RegularExpression: 'regex' } as const;
  return {
    headers: named(headers),
    query: named(queryParams),
    path: path && { kind: kinds[path.type ?? 'PathPrefix'], value: path.value ?? '/' },
    method,
    istio: undefined,
  };
}
