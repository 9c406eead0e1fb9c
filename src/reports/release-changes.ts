import type { GatewayName, HostModel, ReleaseModel } from '../release/model.js';
import type { ResolvedRelease } from '../values/resolve.js';
import { byRisk, type Change } from './change.js';
import { evaluationChanges } from './evaluation-changes.js';
import { leafChanges, same } from './leaf-changes.js';
import { matchesWords, matchKey } from './match-words.js';
import { type Planned, type Renames, renamed, renamesOf } from './renames.js';
import { ruleChanges } from './rule-changes.js';
import { shareChanges } from './share-changes.js';
import { describedVersion, versionChanges } from './version-changes.js';
import { shown } from './words.js';

/**
 * Returns what differs between two states of a release in plain words, what a reviewer should see first at the front.
 * Nothing where they mean the same, however they are written.
 */
export function releaseChanges(before: ResolvedRelease, after: ResolvedRelease): Change[] {
  const renames = renamesOf(before.model, after.model);
  const [old, now] = [renamed(plannedOf(before), renames), plannedOf(after)];
  const shares = shareChanges(old, now);
  const rules = ruleChanges(old, now);
  const told = new Set(shares.flatMap(({ version }) => version ?? []));
  return byRisk([
    ...shares,
    ...primaryChanges(old.model, now.model),
    ...rules,
    ...(rules.length > 0 ? [] : unusedMatches(old.model, now.model)),
    ...settingChanges(before, after),
    ...renameChanges(renames),
    ...versionChanges({ before: old, after: now, told, overlay: overlayOf(after) }),
    ...evaluationChanges(before, after),
  ]);
}

/** Returns what a release is that was not there before. */
export function addedRelease(release: ResolvedRelease): Change[] {
  const { environment, strategy, model } = release;
  const planned = plannedOf(release);
  const text = `release ${model.name} added in namespace ${model.namespace}: ${environment.id}, ${strategy.id}`;
  return byRisk([
    { kind: 'release', risk: 'high', text },
    ...model.versions.map((version) => describedVersion(version, planned, 'added')),
    ...hostChanges([], model.hosts),
    ...evaluationChanges({ analysis: undefined, rollout: undefined }, release),
  ]);
}

/** Returns what is gone with a release. */
export function removedRelease({ model }: ResolvedRelease): Change[] {
  const { name, namespace, hosts } = model;
  const text = `release ${name} removed from namespace ${namespace}: all its objects are deleted`;
  return byRisk([{ kind: 'release', risk: 'high', text }, ...hostChanges(hosts, [])]);
}

function plannedOf({ strategy, model }: ResolvedRelease): Planned {
  return { model, plan: strategy.plan(model) };
}

function overlayOf({ environment }: ResolvedRelease) {
  return environment.workloads === 'Deployment' ? ('deployment' as const) : ('inferenceService' as const);
}

function primaryChanges(before: ReleaseModel, after: ReleaseModel): Change[] {
  if (before.primary === after.primary) return [];
  return [{ kind: 'primary', risk: 'high', text: `primary: ${before.primary} → ${after.primary}` }];
}

function renameChanges(renames: Renames): Change[] {
  return [...renames].map(([from, to]) => {
    const text = `version ${from} is now called ${to}: its objects are made anew under that name`;
    return { kind: 'name', risk: 'high', version: to, text };
  });
}

/** A strategy that sends by the versions' own matches uses none of the release, and the other way round. */
function unusedMatches(before: ReleaseModel, after: ReleaseModel): Change[] {
  const [old, now] = [before, after].map(({ matches }) => matches.map(matchKey).sort().join());
  if (old === now) return [];
  return [{ kind: 'setting', risk: 'low', text: `match ${matchesWords(after.matches)}, which no rule uses` }];
}

function settingChanges(before: ResolvedRelease, after: ResolvedRelease): Change[] {
  const [old, now] = [before.model, after.model];
  const high = (kind: Change['kind'], from: string, to: string, why = ''): Change[] =>
    from === to ? [] : [{ kind, risk: 'high', text: `${kind}: ${from} → ${to}${why}` }];
  const replicas = leafChanges(old.replicas, now.replicas, 'replicas');
  return [
    ...high('strategy', before.strategy.id, after.strategy.id),
    ...high('environment', before.environment.id, after.environment.id),
    ...high('name', idOf(old), idOf(now), ': every object that is called or placed by it is made anew'),
    ...high('gateway', gatewayWords(old.gateway), gatewayWords(now.gateway)),
    ...hostChanges(old.hosts, now.hosts),
    ...replicas.map((text): Change => ({ kind: 'replicas', risk: 'medium', text })),
    ...headerChanges(old, now),
    ...(['prefix', 'deploymentMode', 'sessionAffinity', 'modelMesh'] as const).flatMap((key) =>
      leafChanges(old[key], now[key], key).map((text): Change => ({ kind: 'setting', risk: 'medium', text })),
    ),
  ];
}

function idOf({ namespace, name }: ReleaseModel): string {
  return `${namespace}/${name}`;
}

function headerChanges(before: ReleaseModel, after: ReleaseModel): Change[] {
  if (before.versionHeader === after.versionHeader) return [];
  const text = `answers ${after.versionHeader ? 'now' : 'no longer'} name their version in app-version`;
  return [{ kind: 'setting', risk: 'medium', text }];
}

function gatewayWords(gateway: GatewayName | undefined): string {
  if (gateway === undefined) return 'none';
  return gateway.namespace === undefined ? gateway.name : `${gateway.namespace}/${gateway.name}`;
}

function hostChanges(before: readonly HostModel[], after: readonly HostModel[]): Change[] {
  const gatewaysOf = (hosts: readonly HostModel[], name: string) =>
    hosts.filter((host) => host.name === name).map(({ gateway }) => gatewayWords(gateway));
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  return names.flatMap((name): Change[] => {
    const [from, to] = [gatewaysOf(before, name), gatewaysOf(after, name)];
    if (same(from, to)) return [];
    const change = { kind: 'host', risk: 'high' } as const;
    if (from.length === 0) return [{ ...change, text: `host ${shown(name)} added, gateway ${to.join(', ')}` }];
    if (to.length === 0) return [{ ...change, text: `host ${shown(name)} removed, gateway ${from.join(', ')}` }];
    return [{ ...change, text: `host ${shown(name)}: gateway ${from.join(', ')} → ${to.join(', ')}` }];
  });
}
