import { ApiObject } from 'cdk8s';
import { type Environment, type Manifest, renderVersions, sharedMetadata, synth, versionNamed } from 'sluice';

/** Traefik: a weighted TraefikService over the versions' Services. A package of your own can export this. */
export const traefik = {
  id: 'traefik',
  aliases: [],
  workloads: 'Deployment',
  supports: ['weight', 'autoscaler', 'disruption-budget'],
  refuses: () => [],
  render(scope, release, { rules }) {
    renderVersions(scope, release);
    const services = rules.flatMap(({ backends }) =>
      backends.map(({ version, share }) => {
        const { service, port } = versionNamed(release, version).address;
        return { kind: 'Service', name: service, port, weight: share };
      }),
    );
    new ApiObject(scope, 'route', {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'TraefikService',
      metadata: sharedMetadata(release),
      spec: { weighted: { services } },
    });
  },
} as const satisfies Environment;

/** The manifests of a values file that says `environment: traefik`. */
export function ownEnvironment(values: string): Manifest[] {
  return synth(values, { name: 'reviews', registry: { environments: { traefik } } });
}
