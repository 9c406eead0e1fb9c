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

/**
 * Returns the labels with which a version's pods are made; of them, only `app` finds them. Istio's telemetry tells versions
 * apart by `version`, unless there is an `app.kubernetes.io/version` or a `service.istio.io/canonical-revision`: of the
 * three it leaves the most to the user.
 */
export function templateLabels(release: ReleaseModel, version: VersionModel): Texts {
  return { app: version.instance, version: version.instance, ...versionLabels(release, version) };
}
