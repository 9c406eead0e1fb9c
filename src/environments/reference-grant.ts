import { type ReleaseModel, versionNamed } from '../release/model.js';
import type { RoutePlan } from '../release/route-plan.js';
import type { RouteKind } from './gateway-route.js';
import { releaseLabels } from './labels.js';
import { shortName } from './short-name.js';

/**
 * Returns the ReferenceGrants that a route needs: one in every other namespace that it sends requests or copies to,
 * for those Services alone. Its name tells the releases of one name in several namespaces apart.
 */
export function referenceGrants(release: ReleaseModel, plan: RoutePlan, kind: RouteKind['kind']) {
  const targets = plan.rules
    .flatMap(({ backends, mirrors }) => [...backends, ...mirrors])
    .map(({ version }) => versionNamed(release, version).address)
    .filter(({ namespace }) => namespace !== release.namespace);
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))];
  return namespaces.map((namespace) => {
    const services = targets.filter((target) => target.namespace === namespace).map(({ service }) => service);
    return {
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { name: shortName(`${release.name}.${release.namespace}`), namespace, labels: releaseLabels(release) },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind, namespace: release.namespace }],
        to: [...new Set(services)].map((name) => ({ group: '', kind: 'Service', name })),
      },
    };
  });
}
