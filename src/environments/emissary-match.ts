import type { Texts } from '../release/json.js';
import {
  anyRequest,
  comparesElements,
  type NamedMatch,
  type NamedTexts,
  type PlannedMapping,
  type RouteMatch,
  type RoutePlan,
  type StringMatch,
} from '../release/route-plan.js';
import { prefixRegex } from './named-regex.js';
import type { Rank } from './precedence.js';
import { onlyInIstio, type Unfit } from './refusals.js';

/** Which requests a Mapping takes, and which path the backend sees. */
export type MappingMatch = Pick<PlannedMapping, 'path' | 'rewrite' | 'method' | 'headers' | 'query'>;

/** A name and a value as Emissary counts them. */
interface Constraint {
  readonly name: string;
  readonly value: string;
  readonly regex: boolean;
}

/** Returns a match of a release that is served below `prefix`. Equal conditions give equal texts, in whatever order. */
export function mappingMatch(prefix: string, { headers, query, path, method }: RouteMatch): MappingMatch {
  return {
    ...pathMatch(prefix, path),
    method,
    headers: namedTexts(headers),
    query: namedTexts(query),
  };
}

/** Returns the conditions as texts, the same for equal matches. */
export function conditionTexts({ path, method, headers, query }: MappingMatch): string[] {
  const named = (what: string, texts: Texts, sign: string) =>
    Object.entries(texts).map(([name, value]) => `${what} ${name}${sign}${value}`);
  return [
    `${path.kind} ${path.value}`,
    ...(method === undefined ? [] : [`method ${method}`]),
    ...named('header', headers.exact, '='),
    ...named('header', headers.regex, '~'),
    ...named('query', query.exact, '='),
    ...named('query', query.regex, '~'),
  ].sort();
}

/**
 * Returns the plan with every path as the text that Emissary compares. A prefix by whole elements becomes two matches:
 * /api alone and /api/ with what is below. So does `prefix`, below which the release is served, where no path is asked for.
 */
export function textPlan(prefix: string, { rules }: RoutePlan): RoutePlan {
  return {
    rules: rules.map((rule) => {
      const matches = rule.matches.length > 0 || prefix === '/' ? rule.matches : [anyRequest];
      return { ...rule, matches: matches.flatMap((each) => inText(prefix, each)) };
    }),
  };
}

function inText(prefix: string, match: RouteMatch): RouteMatch[] {
  const { path } = match;
  if (path === undefined) return prefix === '/' ? [match] : atOrBelow(match, prefix);
  return path.kind === 'prefix' && path.value !== '/' && comparesElements(match)
    ? atOrBelow(match, path.value)
    : [match];
}

function atOrBelow(match: RouteMatch, element: string): RouteMatch[] {
  const bare = bareOf(element);
  return [
    { ...match, path: { kind: 'exact', value: bare } },
    { ...match, path: { kind: 'prefix', value: `${bare}/` } },
  ];
}

function bareOf(prefix: string): string {
  return prefix.replace(/\/$/, '');
}

/** Returns why a Mapping cannot express a match. */
export function unmappable(prefix: string, match: RouteMatch): Unfit[] {
  const { path } = match;
  const bare = bareOf(prefix);
  const istio = onlyInIstio(match, 'a Mapping');
  if (path?.kind === 'regex' && prefix !== '/') {
    const why = `application.prefix is ${bare}, and a path by regular expression is never stripped of a prefix`;
    return [...istio, { why, hint: 'Match the path exactly or by prefix, or leave application.prefix out.' }];
  }
  if (path === undefined || path.kind === 'regex' || inText(prefix, match).every((each) => isServed(prefix, each))) {
    return istio;
  }
  const why = `its path ${JSON.stringify(path.value)} does not lie below application.prefix, which is ${bare || '/'}`;
  return [...istio, { why, hint: `Give the whole path as clients send it, such as ${prefix}api.` }];
}

/** Whether all that a path compared as text fits is the prefix itself or lies below it. */
function isServed(prefix: string, { path }: RouteMatch): boolean {
  return (
    path === undefined || path.value.startsWith(prefix) || (path.kind === 'exact' && path.value === bareOf(prefix))
  );
}

/**
 * Returns the ranking of Emissary: the longer path first, then the longer headers (the method is one), then the longer
 * query. The host is left out, since all Mappings of a release have the same. Emissary goes on by the alphabet, which
 * is no order that anybody meant, so such matches count as equal.
 * Source: IRHTTPMapping._route_weight in python/ambassador/ir/irhttpmapping.py of emissary-ingress/emissary.
 */
export function rankBelow(prefix: string): Rank {
  return (match) => {
    const mapping = mappingMatch(prefix, match);
    const { headers, method, query } = constraintsOf(mapping);
    return [lengthOf(mapping.path.value), total([...headers, ...method]), total(query)];
  };
}

/**
 * Returns the text by whose hash Emissary gathers Mappings into one group, whose weights are then shared out. It has no
 * separators and forgets what is a regular expression, so that different matches may give the same text.
 * Source: IRHTTPMapping._group_id, in the same file.
 */
export function groupText(host: string, mapping: MappingMatch): string {
  const { headers, method, query } = constraintsOf(mapping);
  const parts = [...headers, { name: ':authority', value: host }, ...method, ...query];
  return mapping.path.value + parts.map(({ name, value }) => name + value).join('');
}

/** The backend sees the path below `prefix`, whatever part of it the match has taken. */
function pathMatch(prefix: string, path: StringMatch | undefined): Pick<MappingMatch, 'path' | 'rewrite'> {
  if (path === undefined) return { path: { kind: 'prefix', value: prefix }, rewrite: '/' };
  const { kind, value } = path;
  return { path: { kind, value }, rewrite: kind === 'regex' ? '' : `/${value.slice(prefix.length)}` };
}

/** A Mapping has no comparison by prefix, so it becomes a regular expression, which must match the whole text. */
function namedTexts(matches: readonly NamedMatch[]): NamedTexts {
  const entries = [...matches].sort((a, b) => (a.name < b.name ? -1 : 1));
  const exact = entries.flatMap(({ name, match }) => (match.kind === 'exact' ? [[name, match.value] as const] : []));
  const regex = entries.flatMap(({ name, match }) => {
    if (match.kind === 'exact') return [];
    return [[name, match.kind === 'regex' ? match.value : prefixRegex(match.value)] as const];
  });
  return { exact: Object.fromEntries(exact), regex: Object.fromEntries(regex) };
}

function constraintsOf(mapping: MappingMatch) {
  const { method } = mapping;
  return {
    headers: [...constraints(mapping.headers.exact, false), ...constraints(mapping.headers.regex, true)],
    method: method === undefined ? [] : [{ name: ':method', value: method, regex: false }],
    query: [...constraints(mapping.query.exact, false), ...constraints(mapping.query.regex, true)],
  };
}

function constraints(texts: Texts, regex: boolean): Constraint[] {
  return Object.entries(texts).map(([name, value]) => ({ name, value, regex }));
}

/** An empty value counts as one character, and a regular expression as one more than its text. */
function total(named: readonly Constraint[]): number {
  return named.reduce((sum, { name, value, regex }) => sum + lengthOf(name + (value || '*')) + (regex ? 1 : 0), 0);
}

/** Characters as Python counts them. */
function lengthOf(text: string): number {
  return [...text].length;
}
