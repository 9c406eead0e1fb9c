import { environments } from '../src/environments/registry.js';
import { ConfigError } from '../src/errors.js';
import type { Environment } from '../src/release/environment.js';
import type { Strategy } from '../src/release/strategy.js';
import { strategies } from '../src/strategies/registry.js';
import { type LoadedValues, loadValues } from '../src/values/load.js';
import type { ResolvedRelease } from '../src/values/resolve.js';

/** Returns a values text as it is loaded for the release `shop` in the namespace `default`. */
export function loadedOf(text: string): LoadedValues {
  return loadValues(text, { file: 'values.yaml', name: 'shop', namespace: 'default' });
}

/** Returns the release of a values text, called `shop` in the namespace `default`. */
export function releaseOf(text: string): ResolvedRelease {
  return loadedOf(text).release;
}

/** Returns what is refused in a values text, as `<path> <message>`. */
export function refusalsOf(text: string): string[] {
  try {
    loadedOf(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`);
    throw error;
  }
  return [];
}

interface Named {
  readonly id: string;
  readonly aliases: readonly string[];
}

function named<Entry extends Named>(registry: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return Object.values(registry).find(({ id, aliases }) => id === name || aliases.includes(name));
}

/**
 * Returns values with versions v1 and v2, with these lines in the second version. What runs a version is what fits the
 * environment: an image, or a model; where the weights divide pods, there are ten.
 */
export function twoVersions(environment: string, strategy: string, second: readonly string[] = []): string {
  const known = named<Environment>(environments, environment);
  const divided = known?.supports.includes('replicas') && named<Strategy>(strategies, strategy)?.needs === 'weight';
  const serving = known?.workloads === 'InferenceService';
  const runs = (name: string) =>
    serving ? `storageUri: gs://models.example/shop/${name}` : `image: registry.example/shop:${name}`;
  return [
    `environment: ${environment}`,
    'application:',
    serving ? '  modelFormat: sklearn' : '  port: 8080',
    ...(divided ? ['  replicas: 10'] : []),
    `  strategy: ${strategy}`,
    '  versions:',
    '  - metadata: {name: v1}',
    `    ${runs('v1')}`,
    '    weight: 90',
    '  - metadata: {name: v2}',
    `    ${runs('v2')}`,
    '    weight: 10',
    ...second.map((line) => `    ${line}`),
    '',
  ].join('\n');
}
