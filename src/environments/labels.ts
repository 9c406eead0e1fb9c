import type { Texts } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';

/** Returns the labels that Kubernetes recommends, for the objects that the versions share. */
export function releaseLabels({ name }: ReleaseModel): Texts {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/managed-by': 'sluice',
  };
}

/** Returns the labels that Kubernetes recommends, for the objects of a version; none changes while it lives. */
export function versionLabels(release: ReleaseModel, { instance }: VersionModel): Texts {
  return { ...releaseLabels(release), 'app.kubernetes.io/instance': instance };
}
