import { mergeKeys } from '../../environments/strategic-merge.js';
import type { Environment } from '../../release/environment.js';
import type { Strategy } from '../../release/strategy.js';

/** Returns the helper `sluice.names`: what the chart has to know of the registries, as JSON. */
export function printNames(
  environments: Readonly<Record<string, Environment>>,
  strategies: Readonly<Record<string, Strategy>>,
): string {
  const workloads = Object.fromEntries(Object.values(environments).map((each) => [each.id, each.workloads]));
  const names = {
    environments: idsByName(environments),
    strategies: idsByName(strategies),
    workloads,
    mergeKeys: Object.fromEntries(mergeKeys),
  };
  return `{{- define "sluice.names" -}}\n${JSON.stringify(names, null, 2)}\n{{- end }}\n`;
}

function idsByName(registry: Readonly<Record<string, { readonly id: string; readonly aliases: readonly string[] }>>) {
  const names = Object.values(registry).flatMap(({ id, aliases }) =>
    [id, ...aliases].map((name) => [name, id] as const),
  );
  return Object.fromEntries(names);
}
