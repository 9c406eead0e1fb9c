import type { Environment } from '../../release/environment.js';
import type { JsonObject } from '../../release/json.js';
import { refusedKeys } from '../../values/options.js';

/** Where a key stands in the values; `[]` for every entry of a list. */
export type KeyPath = readonly string[];

const places = { top: [], application: ['application'], version: ['application', 'versions', '[]'] } as const;

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

/** Returns what the environment asks of the values beside their keys, as a part of a schema. */
export function environmentRules(environment: Environment): JsonObject {
  const affinities = affinitiesOf(environment);
  const serving = environment.workloads === 'InferenceService';
  const specification = serving ? 'inferenceServiceSpecification' : 'deploymentSpecification';
  const versions = { items: neededUnless(specification, serving ? 'storageUri' : 'image') };
  const sessionAffinity = { properties: { type: { enum: affinities } } };
  const application: JsonObject = {
    properties: { versions, ...(affinities.length > 0 && { sessionAffinity }) },
    ...(serving && {
      if: { not: { required: ['modelFormat'] } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
      then: { properties: { versions: { items: neededUnless(specification, 'modelFormat') } } },
    }),
  };
  return { properties: { application } };
}

/** What a workload is generated from is needed unless its spec is given, or the version runs already. */
function neededUnless(specification: string, needed: string): JsonObject {
  const given = { required: [specification], properties: { [specification]: { required: ['spec'] } } };
  return {
    if: { not: { anyOf: [{ required: ['external'] }, given] } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
    then: { required: [needed] },
  };
}

function affinitiesOf({ supports }: Environment): string[] {
  return [
    ...(supports.includes('cookie-affinity') ? ['Cookie'] : []),
    ...(supports.includes('client-ip-affinity') ? ['ClientIP'] : []),
  ];
}
