import { environments } from '../environments/registry.js';
import type { Capability, Environment } from '../release/environment.js';
import type { Strategy } from '../release/strategy.js';
import { strategies } from '../strategies/registry.js';

/** Which environments and strategies there are, by id. */
export interface Registry {
  readonly environments: Readonly<Record<string, Environment>>;
  readonly strategies: Readonly<Record<string, Strategy>>;
}

/** What sluice brings. */
export const defaultRegistry: Registry = { environments, strategies };

interface Named {
  readonly id: string;
  readonly aliases: readonly string[];
}

function find<Entry extends Named>(registry: Readonly<Record<string, Entry>>, name: string): Entry {
  const entry = Object.values(registry).find(({ id, aliases }) => id === name || aliases.includes(name));
  if (entry === undefined) throw new TypeError(`${name} is not in the registry`);
  return entry;
}

/** Returns the environment of that id or alias; the name was checked before. */
export function environmentNamed(name: string, registry: Registry): Environment {
  return find(registry.environments, name);
}

/** Returns the strategy of that id or alias; the name was checked before. */
export function strategyNamed(name: string, registry: Registry): Strategy {
  return find(registry.strategies, name);
}

/** Returns whether the environment can render what the strategy plans. */
export function supports(environment: Environment, strategy: Strategy): boolean {
  return strategy.needs === undefined || environment.supports.includes(strategy.needs);
}

/** Returns the ids of the environments that can do this. */
export function environmentsWith(capability: Capability | undefined, registry: Registry = defaultRegistry): string[] {
  return Object.values(registry.environments)
    .filter(({ supports }) => capability === undefined || supports.includes(capability))
    .map(({ id }) => id);
}
