import type { Json, JsonObject } from '../../src/release/json.js';
import { at, canonical, map, namespaceOf, text } from './json-parts.js';
import { httpRoute, type RouteMeaning, type RuleMeaning, virtualService } from './route-meaning.js';

/**
 * Returns what `actual` does otherwise than `expected`, a line each; none where both route and run the same. Routes are
 * compared by what they do. Every other expected object must be there with at least its fields, whatever its API version,
 * and with exactly its selector; labels of Iter8 do not count.
 */
export function differences(expected: readonly JsonObject[], actual: readonly JsonObject[]): string[] {
  const found = new Map(actual.map((object) => [identityOf(object), object]));
  return expected.flatMap((wanted) => {
    const identity = identityOf(wanted);
    const given = found.get(identity);
    if (given === undefined) return [`${identity} is missing`];
    return compareObjects(wanted, given).map((difference) => `${identity} ${difference}`);
  });
}

function compareObjects(wanted: JsonObject, given: JsonObject): string[] {
  if (wanted.kind === 'VirtualService') return compareRoutes(virtualService(wanted), virtualService(given));
  if (wanted.kind === 'HTTPRoute') return compareRoutes(httpRoute(wanted), httpRoute(given), { moreHosts: true });
  return [...selectorDifference(wanted, given), ...lacking({ ...wanted, apiVersion: null }, given, '')];
}

function identityOf(object: JsonObject): string {
  return `${text(object.kind)} ${namespaceOf(object)}/${text(at(object, 'metadata', 'name'))}`;
}

function compareRoutes(wanted: RouteMeaning, given: RouteMeaning, { moreHosts = false } = {}): string[] {
  const missing = wanted.hosts.filter((host) => !given.hosts.includes(host));
  const further = moreHosts ? [] : given.hosts.filter((host) => !wanted.hosts.includes(host));
  const count = Math.max(wanted.rules.length, given.rules.length);
  return [
    ...missing.map((host) => `lacks host ${host}`),
    ...further.map((host) => `has host ${host} too`),
    ...unequal('parents', wanted.parents, given.parents),
    ...Array.from({ length: count }, (_, i) => compareRules(i, wanted.rules[i], given.rules[i])).flat(),
  ];
}

function compareRules(i: number, wanted: RuleMeaning | undefined, given: RuleMeaning | undefined): string[] {
  if (wanted === undefined || given === undefined)
    return [`rule ${i} is ${given === undefined ? 'missing' : 'too many'}`];
  const parts = ['matches', 'backends', 'mirrors', 'rewrite'] as const;
  return parts.flatMap((part) => unequal(`rule ${i} ${part}`, wanted[part], given[part]));
}

function unequal(what: string, wanted: unknown, given: unknown): string[] {
  const [a, b] = [JSON.stringify(wanted), JSON.stringify(given)];
  return a === b ? [] : [`${what}: ${b}, not ${a}`];
}

function selectorDifference(wanted: JsonObject, given: JsonObject): string[] {
  return [
    ['spec', 'selector'],
    ['spec', 'selector', 'matchLabels'],
  ].flatMap((path) => {
    const selector = at(wanted, ...path);
    if (selector === undefined || 'matchLabels' in map(selector)) return [];
    return unequal('selector', canonical(selector), canonical(at(given, ...path) ?? null));
  });
}

/** What of `wanted` is not in `given`; empty maps and nulls ask for nothing, and lists may be longer. */
function lacking(wanted: Json, given: Json | undefined, path: string): string[] {
  if (wanted === null) return [];
  if (Array.isArray(wanted)) {
    if (!Array.isArray(given) || given.length < wanted.length) return [`${path} has fewer entries`];
    return wanted.flatMap((each, i) => lacking(each, given[i], `${path}[${i}]`));
  }
  if (typeof wanted !== 'object') return unequal(path, wanted, given);
  const asked = Object.entries(wanted).filter(
    ([key, value]) => !key.startsWith('iter8.tools/') && canonical(value) !== '{}',
  );
  return asked.flatMap(([key, value]) => {
    if (value !== null && at(given, key) === undefined) return [`${path}.${key} is missing`];
    return lacking(value, at(given, key), `${path}.${key}`);
  });
}
