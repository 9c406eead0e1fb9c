import { environments } from '../../src/environments/registry.js';
import type { Environment } from '../../src/release/environment.js';
import type { Strategy } from '../../src/release/strategy.js';
import { strategies } from '../../src/strategies/registry.js';
import { supports } from '../../src/values/lookup.js';

/** Every environment with every strategy that it can carry out. */
export const pairs = Object.values<Environment>(environments).flatMap((environment) =>
  Object.values<Strategy>(strategies)
    .filter((strategy) => supports(environment, strategy))
    .map((strategy) => ({ environment, strategy })),
);

/** Where the weights divide pods, nothing names a version's Service: the pods are all that there is of a route. */
export const routed = pairs.filter(({ environment }) => !environment.supports.includes('replicas'));

/** Returns the values with these lines in the application. */
export function within(text: string, ...lines: readonly string[]): string {
  return text.replace('  versions:\n', `${lines.map((line) => `  ${line}\n`).join('')}  versions:\n`);
}
