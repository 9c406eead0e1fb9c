import type { ReleaseModel, VersionModel } from '../release/model.js';
import type { RouteKind } from './gateway-route.js';
import { releaseLabels } from './labels.js';
import { objectName } from './names.js';

/** Tells apart releases of one name in several namespaces, and their versions. */
export function grantName({ name, namespace }: ReleaseModel, { address }: VersionModel): string {
  return objectName([name, namespace, address.service]);
}

/**
 * Returns the ReferenceGrant that a route of this kind needs for a version in another namespace, routed to or not: so it
 * is there before the first request, and goes with the version.
 */
export function referenceGrant(release: ReleaseModel, { address }: VersionModel, kind: RouteKind['kind']) {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: address.grant, namespace: address.namespace, labels: releaseLabels(release) },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind, namespace: release.namespace }],
      to: [{ group: '', kind: 'Service', name: address.service }],
    },
  };
}
