import type { ReleaseModel, Specification, VersionModel } from '../release/model.js';
import { releaseLabels, versionLabels } from './labels.js';

/** Returns the metadata of an object that the versions share; it is called like the release unless a name is given. */
export function sharedMetadata(release: ReleaseModel, name: string = release.name) {
  return { name, namespace: release.namespace, labels: releaseLabels(release) };
}

/** Returns the metadata of an object of a version; what a specification says wins. */
export function versionMetadata(release: ReleaseModel, version: VersionModel, specification?: Specification) {
  const own = specification?.metadata ?? {};
  const annotations = { ...version.annotations, ...own.annotations };
  return {
    name: own.name ?? version.instance,
    namespace: own.namespace ?? version.namespace,
    labels: { ...versionLabels(release, version), ...version.labels, ...own.labels },
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
