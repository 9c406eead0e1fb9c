import type { PathSegment } from '../release/contradiction.js';
import type { MatchForm } from '../release/environment.js';
import { grpcCall } from '../release/grpc-call.js';
import type { JsonObject } from '../release/json.js';
import { anyRequest, type NamedMatch, type RouteMatch, type StringMatch } from '../release/route-plan.js';
import type { Values } from './values.js';

/** What an application or a version says of matches. */
export type MatchForms = Pick<Values['application'], 'match' | 'matches'>;
type IstioMatch = NonNullable<MatchForms['match']>[number];
type GatewayMatch = NonNullable<MatchForms['matches']>[number];
type IstioStringMatch = NonNullable<IstioMatch['uri']>;

/** What sends a request to a candidate that names no match: the header `traffic: test`, as in Iter8. */
export const defaultMatch: RouteMatch = {
  ...anyRequest,
  headers: [{ name: 'traffic', match: { kind: 'exact', value: 'test' } }],
};

/** Returns the forms without the one that stands, without effect, beside the environment's own. */
export function countingForms(forms: MatchForms, own: MatchForm | undefined): MatchForms {
  const unused = own && unusedForm(forms, own);
  return unused === undefined ? forms : { ...forms, [unused]: undefined };
}

/** Returns the form beside the environment's own; undefined where only one is given, which counts everywhere. */
export function unusedForm({ match = [], matches = [] }: MatchForms, own: MatchForm): MatchForm | undefined {
  if (match.length === 0 || matches.length === 0) return undefined;
  return own === 'match' ? 'matches' : 'match';
}

/** Returns the matches of an application or a version in neutral form, from the one of the two forms that counts. */
export function matchesOf(forms: MatchForms, place: readonly PathSegment[], own?: MatchForm): RouteMatch[] {
  const { match = [], matches = [] } = countingForms(forms, own);
  if (match.length > 0) return match.map((each, i) => ({ place: [...place, 'match', i], ...fromIstio(each) }));
  return matches.map((each, i) => ({ place: [...place, 'matches', i], ...fromGatewayApi(each) }));
}

function fromIstio({ headers, queryParams, uri, method, ...others }: IstioMatch): Omit<RouteMatch, 'place'> {
  const named = (entries: Record<string, IstioStringMatch | Record<string, never>> = {}): NamedMatch[] =>
    Object.entries(entries)
      .map(([name, match]) => ({ name, match: stringMatch(match) }))
      // A map has no order, and the same values give the same bytes.
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  const path = uri && stringMatch(uri);
  return {
    headers: named(headers),
    query: named(queryParams),
    path,
    call: path && grpcCall(path),
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

function fromGatewayApi({
  headers = [],
  queryParams = [],
  path: written,
  method,
}: GatewayMatch): Omit<RouteMatch, 'place'> {
  const named = (entries: NonNullable<GatewayMatch['headers']>): NamedMatch[] =>
    entries.map(({ type, name, value }) => ({
      name,
      match: { kind: type === 'RegularExpression' ? 'regex' : 'exact', value },
    }));
  const kinds = { Exact: 'exact', PathPrefix: 'prefix', RegularExpression: 'regex' } as const;
  const path = written && { kind: kinds[written.type ?? 'PathPrefix'], value: written.value ?? '/' };
  return {
    headers: named(headers),
    query: named(queryParams),
    path,
    call: path && grpcCall(path),
    method,
    istio: undefined,
  };
}
