import type { Contradiction } from '../release/contradiction.js';
import { inheritedWords, isInherited } from '../release/inherited-name.js';
import type { VersionModel } from '../release/model.js';
import { DnsLabel, nameHint, ServiceName } from './dns-label.js';
import type { ResolvedRelease } from './resolve.js';
import { versionPath } from './version-path.js';

const MAX_LABEL = 63;
const ownName = 'Give every version a name of its own.';

/** Returns the names that no object or label can have, and those that two versions share. */
export function checkNames(release: ResolvedRelease): Contradiction[] {
  return [
    ...checkReleaseNames(release),
    ...checkVersionNames(release),
    ...checkInstances(release),
    ...checkDeployments(release),
  ];
}

function inheritedName(name: string): Omit<Contradiction, 'path'> {
  return { message: `${JSON.stringify(name)} ${inheritedWords}`, hint: 'Use another one.' };
}

/** The name and the namespace may come from the command line, from a folder or from a chart. */
function checkReleaseNames({ model }: ResolvedRelease): Contradiction[] {
  return (['name', 'namespace'] as const).flatMap((key) => {
    const shape = key === 'name' ? ServiceName : DnsLabel;
    const path = ['application', 'metadata', key];
    if (key === 'name' && isInherited(model.name)) return [{ path, ...inheritedName(model.name) }];
    if (shape.safeParse(model[key]).success) return [];
    const message = `is ${JSON.stringify(model[key])}, which is no DNS label`;
    return [{ path, message, hint: nameHint }];
  });
}

/** What routes call a version is told where it was given. */
function checkVersionNames({ model: { versions }, environment }: ResolvedRelease): Contradiction[] {
  const deployed = environment.workloads === 'Deployment';
  return versions.flatMap((version, position): Contradiction[] => {
    const specification = deployed ? version.serviceSpecification : version.workloadSpecification;
    const key = deployed ? 'serviceSpecification' : 'inferenceServiceSpecification';
    const renamed = specification?.metadata.name === undefined ? [] : [key];
    const path = versionPath(position, ...renamed, 'metadata', 'name');
    if (isInherited(version.name)) return [{ path, ...inheritedName(version.name) }];
    const first = versions.findIndex(({ name }) => name === version.name);
    const message = `is ${JSON.stringify(version.name)} again, the name of versions[${first}]`;
    return first === position ? [] : [{ path, message, hint: ownName }];
  });
}

/** A specification renames the Service alone: Deployments, containers and labels keep the version's own name. */
function checkInstances({ model: { versions }, environment }: ResolvedRelease): Contradiction[] {
  return versions.flatMap((version, position): Contradiction[] => {
    const { name, instance, namespace } = version;
    const path = versionPath(position, 'metadata', 'name');
    if (instance.length > MAX_LABEL) {
      const message = `would be ${JSON.stringify(instance)}, longer than ${MAX_LABEL} characters`;
      return [{ path, message, hint: 'Give the version a shorter metadata.name.' }];
    }
    const twin = versions.findIndex((other) => other.instance === instance && other.namespace === namespace);
    const known = versions.findIndex((other) => other.name === name) < position;
    if (environment.workloads !== 'Deployment' || twin === position || known) return [];
    const message = `is ${JSON.stringify(instance)} again, the name of the Deployment of versions[${twin}]`;
    return [{ path, message, hint: ownName }];
  });
}

/** A deploymentSpecification may call its Deployment like another one, of which it would then be a second version. */
function checkDeployments({ model: { versions }, environment }: ResolvedRelease): Contradiction[] {
  if (environment.workloads !== 'Deployment') return [];
  return versions.flatMap((version, position): Contradiction[] => {
    const twin = versions.findIndex((other, at) => at < position && sharesDeployment(other, version));
    if (twin < 0) return [];
    const { name } = deploymentOf(version) ?? {};
    const message = `is ${JSON.stringify(name)} again, the name of the Deployment of versions[${twin}]`;
    const hint = 'Give every Deployment a name of its own.';
    return [{ path: versionPath(position, ...namedAt(version)), message, hint }];
  });
}

function namedAt({ external, workloadSpecification }: VersionModel): string[] {
  if (external !== undefined) return ['external', 'deployment'];
  const renamed = workloadSpecification?.metadata.name === undefined ? [] : ['deploymentSpecification'];
  return [...renamed, 'metadata', 'name'];
}

function sharesDeployment(one: VersionModel, other: VersionModel): boolean {
  const alike = one.instance === other.instance && one.namespace === other.namespace;
  // What is alike in all is told of the instances, and two versions may point to one that exists already.
  if (alike || (one.external !== undefined && other.external !== undefined)) return false;
  const [first, second] = [deploymentOf(one), deploymentOf(other)];
  return first !== undefined && first.name === second?.name && first.namespace === second.namespace;
}

/** Returns undefined where a version has none that is its own. */
function deploymentOf(version: VersionModel): { readonly name: string; readonly namespace: string } | undefined {
  const { external, workload, workloadSpecification, instance, namespace } = version;
  if (external !== undefined) return external.kind === 'deployment' ? { name: external.name, namespace } : undefined;
  if (workload !== undefined) return undefined;
  const own = workloadSpecification?.metadata;
  return { name: own?.name ?? instance, namespace: own?.namespace ?? namespace };
}
