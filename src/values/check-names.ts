import type { Contradiction } from '../release/contradiction.js';
import { DnsLabel, nameHint, ServiceName } from './dns-label.js';
import type { ResolvedRelease } from './resolve.js';
import { versionPath } from './version-path.js';

const MAX_LABEL = 63;
const ownName = 'Give every version a name of its own.';

/** Returns the names that no object or label can have, and those that two versions share. */
export function checkNames(release: ResolvedRelease): Contradiction[] {
  return [...checkReleaseNames(release), ...checkVersionNames(release), ...checkInstances(release)];
}

/** The name and the namespace may come from the command line, from a folder or from a chart. */
function checkReleaseNames({ model }: ResolvedRelease): Contradiction[] {
  return (['name', 'namespace'] as const).flatMap((key) => {
    const shape = key === 'name' ? ServiceName : DnsLabel;
    if (shape.safeParse(model[key]).success) return [];
    const message = `is ${JSON.stringify(model[key])}, which is no DNS label`;
    const hint = nameHint;
    return [{ path: ['application', 'metadata', key], message, hint }];
  });
}

/** What routes call a version is told where it was given. */
function checkVersionNames({ model: { versions }, environment }: ResolvedRelease): Contradiction[] {
  const deployed = environment.workloads === 'Deployment';
  return versions.flatMap((version, position): Contradiction[] => {
    const first = versions.findIndex(({ name }) => name === version.name);
    if (first === position) return [];
    const specification = deployed ? version.serviceSpecification : version.workloadSpecification;
    const key = deployed ? 'serviceSpecification' : 'inferenceServiceSpecification';
    const renamed = specification?.metadata.name === undefined ? [] : [key];
    const message = `is ${JSON.stringify(version.name)} again, the name of versions[${first}]`;
    return [{ path: versionPath(position, ...renamed, 'metadata', 'name'), message, hint: ownName }];
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
