import type { JsonObject } from '../release/json.js';
import type { NamedMatch, RouteMatch, StringMatch } from '../release/route-plan.js';
import type { Values } from './values.js';

type Version = Values['application']['versions'][number];
type IstioMatch = NonNullable<Version['match']>[number];
type GatewayMatch = NonNullable<Version['matches']>[number];
type IstioStringMatch = NonNullable<IstioMatch['uri']>;

/** What sends a request to a candidate that names no match: the header `traffic: test`, as in Iter8. */
const defaultMatch: RouteMatch = {
  headers: [{ name: 'traffic', match: { kind: 'exact', value: 'test' } }],
  query: [],
  path: undefined,
  method: undefined,
  istio: undefined,
};

/** Returns the matches of a version in neutral form, from Istio's form or the Gateway API's. */
export function matchesOf({ match, matches }: Version): RouteMatch[] {
  if (match !== undefined) return match.map(fromIstio);
  if (matches !== undefined) return matches.map(fromGatewayApi);
  return [defaultMatch];
}

function fromIstio({ headers, queryParams, uri, method, ...others }: IstioMatch): RouteMatch {
  const named = (entries: Record<string, IstioStringMatch> = {}): NamedMatch[] =>
    Object.entries(entries).map(([name, match]) => ({ name, match: stringMatch(match) }));
  return {
    headers: named(headers),
    query: named(queryParams),
    path: uri && stringMatch(uri),
    method: method?.exact,
    istio: Object.keys(others).length > 0 ? (others as JsonObject) : undefined,
  };
}

function stringMatch(match: IstioStringMatch): StringMatch {
  if ('exact' in match) return { kind: 'exact', value: match.exact };
  if ('prefix' in match) return { kind: 'prefix', value: match.prefix };
  return { kind: 'regex', value: match.regex };
}

function fromGatewayApi({ headers = [], queryParams = [], path, method }: GatewayMatch): RouteMatch {
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
