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

/** Returns values with versions v1 and v2, with these lines in the application and in the second version. */
export function twoVersions(environment: string, strategy: string, second: readonly string[] = []): string {
  return [
    `environment: ${environment}`,
    'application:',
    '  port: 8080',
    `  strategy: ${strategy}`,
    '  versions:',
    '  - metadata: {name: v1}',
    '    image: registry.example/shop:v1',
    '    weight: 90',
    '  - metadata: {name: v2}',
    '    image: registry.example/shop:v2',
    '    weight: 10',
    ...second.map((line) => `    ${line}`),
    '',
  ].join('\n');
}
