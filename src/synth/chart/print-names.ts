import { mergeKeys } from '../../environments/strategic-merge.js';
import type { Environment, MatchForm } from '../../release/environment.js';
import type { ReleaseModel } from '../../release/model.js';
import type { Strategy } from '../../release/strategy.js';

/** What a chart knows by name. */
export interface KnownNames {
  readonly environments: readonly Environment[];
  readonly strategies: readonly Strategy[];
  /** The environments for which there is no `helm test`. */
  readonly untested: readonly string[];
  /** Whether Git holds it, and Argo CD or Flux installs it. */
  readonly fromGit: boolean;
}

/** Returns the helper `sluice.names`: what the chart has to know of the registries, as JSON. */
export function printNames({ environments, strategies, untested, fromGit }: KnownNames): string {
  const ofEach = <T>(fact: (environment: Environment) => T) =>
    Object.fromEntries(environments.map((each) => [each.id, fact(each)]));
  const names = {
    environments: idsByName(environments),
    strategies: idsByName(strategies),
    workloads: ofEach(({ workloads }) => workloads),
    matchForms: ofEach(matchForms),
    untested,
    fromGit,
    mergeKeys: Object.fromEntries(mergeKeys),
  };
  return `{{- define "sluice.names" -}}\n${JSON.stringify(names, null, 2)}\n{{- end }}\n`;
}

/** By deployment mode. Both forms together are refused where none is the environment's own, so there any will do. */
function matchForms({ matchForm }: Environment): Readonly<Record<ReleaseModel['deploymentMode'], MatchForm>> {
  const formOf = (mode: ReleaseModel['deploymentMode']) => matchForm?.(mode) ?? 'match';
  return { Serverless: formOf('Serverless'), RawDeployment: formOf('RawDeployment') };
}

function idsByName(entries: readonly { readonly id: string; readonly aliases: readonly string[] }[]) {
  return Object.fromEntries(entries.flatMap(({ id, aliases }) => [id, ...aliases].map((name) => [name, id] as const)));
}
