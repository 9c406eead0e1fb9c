import { comparesElements, type NamedMatch, type RouteMatch, type StringMatch } from '../release/route-plan.js';
import { shown } from './words.js';

/** One pair of a cookie between any others, in the ways in which people write it. */
const cookiePair =
  /^\^?(?:\(?\.\*\??(?:;|; )?(?:\\s\*)?\)?\??)?(?:\\s\*)?\(?([\w-]+=[\w.-]+)\)?(?:\(?;?\.\*\)?\??)?\$?$/;

/** Returns a condition on a request in words, such as `cookie group=beta and path below /api`. */
export function matchWords(match: RouteMatch): string {
  const { headers, query, path, method, istio } = match;
  const parts = [
    ...headers.map((header) => headerWords(header)),
    ...query.map(({ name, match: text }) => namedWords('query', name, text)),
    ...(path === undefined ? [] : [pathWords(path, comparesElements(match))]),
    ...(method === undefined ? [] : [`method ${shown(method)}`]),
    ...Object.entries(istio ?? {}).map(([key, value]) => `${key} ${shown(value)}`),
  ];
  return parts.length === 0 ? 'every request' : parts.join(' and ');
}

/** Returns what tells conditions apart, wherever they stand in the file. */
export function matchKey(match: RouteMatch): string {
  const { headers, query, path, method, istio } = match;
  return JSON.stringify([headers, query, path, path && comparesElements(match), method, istio]);
}

/** Returns the conditions of a rule, any one of which suffices. */
export function matchesWords(matches: readonly RouteMatch[]): string {
  return matches.length === 0 ? 'every request' : matches.map(matchWords).join(', or ');
}

function headerWords({ name, match }: NamedMatch): string {
  const pair =
    name.toLowerCase() === 'cookie' && match.kind === 'regex' ? cookiePair.exec(match.value)?.[1] : undefined;
  return pair === undefined ? namedWords('header', name, match) : `cookie ${pair}`;
}

function namedWords(what: string, name: string, { kind, value, ...rest }: StringMatch): string {
  if ('presence' in rest) return `${what} ${shown(name)} present`;
  if (kind === 'exact') return `${what} ${shown(name)}=${shown(value)}`;
  return `${what} ${shown(name)} ${kind === 'regex' ? 'like' : 'starting with'} ${shown(value)}`;
}

function pathWords({ kind, value }: StringMatch, elements: boolean): string {
  if (kind === 'exact') return `path ${shown(value)}`;
  if (kind === 'regex') return `path like ${shown(value)}`;
  return `path ${elements ? 'below' : 'starting with'} ${shown(value)}`;
}
