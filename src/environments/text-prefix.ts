import { comparesElements, type NamedMatch, type RouteMatch } from '../release/route-plan.js';
import type { Unfit } from './refusals.js';

/**
 * Returns why the Gateway API cannot compare a path as Istio does: as text, /api fits /apis, and /api/ does not fit /api.
 * A regular expression could say it, but each gateway has its own kind, and a rank for it. Only / means the same in both.
 */
export function refuseTextPrefix(match: RouteMatch, siblings: readonly RouteMatch[]): Unfit | undefined {
  const { path } = match;
  if (path?.kind !== 'prefix' || path.value === '/' || comparesElements(match)) return undefined;
  const bare = path.value.replace(/\/$/, '');
  const why = path.value.endsWith('/')
    ? `as text, ${path.value} does not fit ${bare}, and an HTTPRoute compares whole elements`
    : `as text, ${bare} fits ${bare}x as well, and an HTTPRoute compares whole elements`;
  const fits = `which fits ${bare} and ${bare}/x, not ${bare}x`;
  return { why, hint: `${instead(match, { bare, single: siblings.length === 1 })}, ${fits}.`, at: ['uri', 'prefix'] };
}

function instead(match: RouteMatch, { bare, single }: { bare: string; single: boolean }): string {
  const path = `path: {type: PathPrefix, value: ${scalar(bare)}}`;
  const others = conditions(match);
  if (others === undefined) return `In the form of matches, write ${path}`;
  const entry = `{${[path, ...others].join(', ')}}`;
  return single ? `Write matches: [${entry}]` : `Write matches in place of match, with this entry as ${entry}`;
}

/** Everything but the path, in the Gateway API's form; undefined where that has none. */
function conditions({ headers, query, method, istio }: RouteMatch): string[] | undefined {
  if (istio !== undefined || [...headers, ...query].some(({ match }) => match.kind === 'prefix')) return undefined;
  return [
    ...(headers.length > 0 ? [`headers: [${headers.map(named).join(', ')}]`] : []),
    ...(query.length > 0 ? [`queryParams: [${query.map(named).join(', ')}]`] : []),
    ...(method === undefined ? [] : [`method: ${scalar(method)}`]),
  ];
}

function named({ name, match: { kind, value } }: NamedMatch): string {
  const type = kind === 'regex' ? 'type: RegularExpression, ' : '';
  return `{${type}name: ${scalar(name)}, value: ${scalar(value)}}`;
}

/** As YAML; whatever might be read as something other than a text is quoted. */
function scalar(text: string): string {
  const plain = /^[A-Za-z/][-\w/.]*$/.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
