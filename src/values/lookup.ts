import { environments } from '../environments/registry.js';
import type { Environment } from '../release/environment.js';
import type { Strategy } from '../release/strategy.js';
import { strategies } from '../strategies/registry.js';

interface Named {
  readonly id: string;
  readonly aliases: readonly string[];
}

function find<Entry extends Named>(registry: Record<string, Entry>, name: string): Entry {
  const entry = Object.values(registry).find(({ id, aliases }) => id === name || aliases.includes(name));
  if (entry === undefined) throw new TypeError(`${name} is not in the registry`);
  return entry;
}

/** Returns the environment of that id or alias; the name was checked before. */
export function environmentNamed(name: string): Environment {
  return find<Environment>(environments, name);
}

/** Returns the strategy of that id or alias; the name was checked before. */
export function strategyNamed(name: string): Strategy {
  return find<Strategy>(strategies, name);
}

/** Returns whether the environment can render what the strategy plans. */
export function supports(environment: Environment, strategy: Strategy): boolean {
  return strategy.needs === undefined || environment.supports.includes(strategy.needs);
}

/** Returns the ids of the environments that can render the strategy. */
export function environmentsFor(strategy: Strategy): string[] {
  return Object.values<Environment>(environments)
    .filter((environment) => supports(environment, strategy))
    .map(({ id }) => id);
}
