import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import { refusedKeys } from './options.js';

/** Where a key stands in the values; `[]` for every entry of a list. */
export type KeyPath = readonly string[];

/** The places of the keys that not every environment reads. */
export const places = { top: [], application: ['application'], version: ['application', 'versions', '[]'] } as const;

/** Returns the keys that the environment refuses. Keys of Iter8 without effect are not among them. */
export function unreadKeys(environment: Environment): KeyPath[] {
  const { supports } = environment;
  const missing = (key: Environment['supports'][number], ...place: string[]) => (supports.includes(key) ? [] : [place]);
  const affinities = affinitiesOf(environment);
  const externals = [
    ...missing('external-service', ...places.version, 'external', 'service'),
    ...missing('external-deployment', ...places.version, 'external', 'deployment'),
  ];
  return [
    ...refusedKeys(environment).map(({ at, key }) => [...places[at], key]),
    ...(affinities.length === 0 ? [['application', 'sessionAffinity']] : []),
    ...missing('match', 'application', 'match'),
    ...missing('match', 'application', 'matches'),
    ...(externals.length === 2 ? [[...places.version, 'external']] : externals),
    ...missing('version-namespace', ...places.version, 'metadata', 'namespace'),
    ...(supports.includes('hosts') ? missing('gateway', 'application', 'hosts', '[]', 'gateway') : []),
  ];
}

/** Returns the schema that says this of one key. */
export function keySchema(place: KeyPath, leaf: JsonObject): JsonObject {
  return place.reduceRight<JsonObject>(
    (inner, key): JsonObject => (key === '[]' ? { items: inner } : { properties: { [key]: inner } }),
    leaf,
  );
}

/** Returns by what an environment can know a session. */
export function affinitiesOf({ supports }: Environment): string[] {
  return [
    ...(supports.includes('cookie-affinity') ? ['Cookie'] : []),
    ...(supports.includes('client-ip-affinity') ? ['ClientIP'] : []),
  ];
}
