import type { Environment } from '../../release/environment.js';
import type { JsonObject } from '../../release/json.js';
import type { Strategy } from '../../release/strategy.js';
import { ignoredKeys } from '../../values/options.js';
import { affinitiesOf, type KeyPath, places } from '../../values/unread-keys.js';

/** What a chart is made for. */
interface Cells {
  readonly environments: readonly Environment[];
  readonly strategies: readonly Strategy[];
}

/** Returns the keys that are accepted and read by none of the environments and strategies. */
export function idleKeys({ environments, strategies }: Cells): KeyPath[] {
  const [first, ...others] = environments.map((environment) =>
    ignoredKeys(environment).map(({ at, key }) => [...places[at], key]),
  );
  const everywhere = (path: KeyPath) => others.every((paths) => paths.some((each) => dotted(each) === dotted(path)));
  const needs = strategies.map((strategy) => strategy.needs);
  return [
    ['iter8Version'],
    ['istioGateway'],
    ...(first ?? []).filter(everywhere),
    ...(needs.includes('weight') || needs.includes('mirror') ? [] : [[...places.version, 'weight']]),
    ...(needs.includes('match') ? [] : ['match', 'matches'].map((key) => [...places.version, key])),
  ];
}

/** Returns the keys that the templates refuse with every one of these strategies, in words of their own. */
export function pointlessKeys({ strategies }: Cells): KeyPath[] {
  const divides = strategies.some(({ needs }) => needs === 'weight' || needs === 'mirror');
  return divides ? [] : ['match', 'matches'].map((key) => [...places.application, key]);
}

/** Returns a place as people write it, such as `application.versions[].weight`. */
export function dotted(path: KeyPath): string {
  return path.join('.').replaceAll('.[]', '[]');
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
      then: { properties: { versions: unlessGap({ items: neededUnless(specification, 'modelFormat') }) } },
    }),
  };
  return { properties: { application } };
}

/** What is asked of the entries of a list, unless one is missing: then that alone is to be read. */
export function unlessGap(rules: JsonObject): JsonObject {
  return { if: { contains: { type: 'null' } }, else: rules };
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
