import type { Manifest } from '../../src/release/model.js';
import { type Arrivals, compare, type Entrance, specsOf } from './arrival.js';
import { fitsText, type Text } from './conditions.js';
import type { HttpRequest } from './matches.js';

type Texts = Readonly<Record<string, string>>;

interface Mapping {
  readonly hostname: string;
  readonly prefix: string;
  readonly prefix_exact?: boolean;
  readonly prefix_regex?: boolean;
  readonly rewrite?: string;
  readonly precedence?: number;
  readonly method?: string;
  readonly headers?: Texts;
  readonly regex_headers?: Texts;
  readonly query_parameters?: Texts;
  readonly regex_query_parameters?: Texts;
  readonly service: string;
  readonly weight?: number;
  readonly shadow?: boolean;
  readonly add_response_headers?: Readonly<Record<string, { readonly value: string }>>;
}

/**
 * The group of Mappings of the highest rank that fits takes the request. Where groups of equal rank fit, Emissary goes
 * on by the alphabet, which nobody means: each of them is a reading.
 */
export function emissaryArrivals(objects: readonly Manifest[], { host, request }: Entrance): Arrivals[] {
  const fitting = specsOf<Mapping>(objects, 'Mapping')
    .filter(({ hostname }) => hostname === host || hostname === '*')
    .filter((each) => fitsMapping(request, each));
  const ranks = fitting.map(rank).sort((one, other) => compare(other, one));
  const best = fitting.filter((each) => compare(rank(each), ranks[0] ?? []) === 0);
  const groups = [...new Set(best.map(condition))].map((text) => best.filter((each) => condition(each) === text));
  return groups.map((group) => arrivalsOfGroup(group, request));
}

/** Mappings with a weight take that percentage, the others share what is left; a shadow is never one of them. */
function arrivalsOfGroup(group: readonly Mapping[], request: HttpRequest): Arrivals {
  const arrival = (mapping: Mapping, percent: number) => ({
    target: mapping.service,
    path: seenPath(request.path, mapping),
    percent,
    header: mapping.add_response_headers?.['app-version']?.value,
  });
  const answering = group.filter(({ shadow }) => shadow !== true);
  const taken = answering.reduce((sum, { weight = 0 }) => sum + weight, 0);
  const open = answering.filter(({ weight }) => weight === undefined).length;
  // A lone Mapping gets everything, whatever weight it has.
  const percentOf = ({ weight = (100 - taken) / open }: Mapping) => (answering.length === 1 ? 100 : weight);
  const shadows = group.filter(({ shadow }) => shadow === true);
  return {
    answers: answering.map((each) => arrival(each, percentOf(each))),
    copies: shadows.map((each) => arrival(each, each.weight ?? 100)),
  };
}

function fitsMapping({ path, method, headers, query }: HttpRequest, mapping: Mapping): boolean {
  const { prefix, prefix_exact: exact, prefix_regex: regex } = mapping;
  const wanted: Text = exact ? { exact: prefix } : regex ? { regex: prefix } : { prefix };
  const all = (given: Texts, texts: Texts = {}, kind: 'exact' | 'regex' = 'exact') =>
    Object.entries(texts).every(([name, value]) => fitsText(given[name], { [kind]: value }));
  const lower = (texts: Texts = {}) =>
    Object.fromEntries(Object.entries(texts).map(([name, value]) => [name.toLowerCase(), value]));
  return (
    fitsText(path, wanted) &&
    (mapping.method ?? method) === method &&
    all(headers, lower(mapping.headers)) &&
    all(headers, lower(mapping.regex_headers), 'regex') &&
    all(query, mapping.query_parameters) &&
    all(query, mapping.regex_query_parameters, 'regex')
  );
}

/** Envoy puts `rewrite` in place of what `prefix` took; an empty one, or a regular expression, leaves the path alone. */
function seenPath(path: string, { prefix, prefix_regex: regex, rewrite = '/' }: Mapping): string {
  return rewrite === '' || regex ? path : rewrite + path.slice(prefix.length);
}

/** Precedence, then the length of the path, of the headers with the method, and of the query; not of the host. */
function rank(mapping: Mapping): number[] {
  const length = (texts: Texts = {}, more = 0) =>
    Object.entries(texts).reduce((sum, [name, value]) => sum + name.length + (value.length || 1) + more, 0);
  const method = mapping.method === undefined ? 0 : ':method'.length + mapping.method.length;
  return [
    mapping.precedence ?? 0,
    mapping.prefix.length,
    length(mapping.headers) + length(mapping.regex_headers, 1) + method,
    length(mapping.query_parameters) + length(mapping.regex_query_parameters, 1),
  ];
}

/** What Mappings of one group have in common; what they do with a request may differ. */
function condition(mapping: Mapping): string {
  const { hostname, prefix, prefix_exact: exact, prefix_regex: regex, method } = mapping;
  const { headers, regex_headers: patterns, query_parameters: query, regex_query_parameters: others } = mapping;
  return JSON.stringify([hostname, prefix, exact, regex, method, headers, patterns, query, others]);
}
