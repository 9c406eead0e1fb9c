import { ApiObject } from 'cdk8s';
import {
  type Contradiction,
  type Environment,
  type Manifest,
  noticeSelectors,
  type Problem,
  type ReleaseModel,
  type RouteRule,
  refuseScaling,
  renderVersions,
  sharedMetadata,
  synth,
  versionNamed,
} from 'sluice';

const apiVersion = 'traefik.io/v1alpha1';

/** Traefik: an IngressRoute to a weighted TraefikService over the versions' Services. A package of your own can export this. */
export const traefik = {
  id: 'traefik',
  aliases: [],
  workloads: 'Deployment',
  supports: ['weight', 'autoscaler', 'disruption-budget'],
  refuses: (release) => refuseScaling(release),
  notices: (release) => [...noticeHeader(release), ...noticeSelectors(release)],
  render(scope, release, { rules }) {
    renderVersions(scope, release);
    const metadata = sharedMetadata(release);
    const services = rules.flatMap((rule) => weightedServices(release, rule));
    new ApiObject(scope, 'split', { apiVersion, kind: 'TraefikService', metadata, spec: { weighted: { services } } });
    new ApiObject(scope, 'route', { apiVersion, kind: 'IngressRoute', metadata, spec: { routes: [routeOf(release)] } });
  },
} as const satisfies Environment;

/** Without `match` there is one rule, for every request. */
function weightedServices(release: ReleaseModel, { backends }: RouteRule) {
  return backends.map(({ version, share }) => {
    const { address, protocol } = versionNamed(release, version);
    const scheme = protocol === 'grpc' ? 'h2c' : 'http';
    return { kind: 'Service', name: address.service, port: address.port, scheme, weight: share };
  });
}

function routeOf({ name, namespace }: ReleaseModel) {
  return {
    kind: 'Rule',
    match: `Host(\`${name}.${namespace}\`)`,
    services: [{ kind: 'TraefikService', name }],
  };
}

/** Headers are the matter of a Middleware, which this example leaves out. */
function noticeHeader({ versionHeader }: ReleaseModel): Contradiction[] {
  if (!versionHeader) return [];
  const hint = 'Let the versions name themselves, and set versionHeader: false to silence this.';
  return [{ path: ['application', 'versionHeader'], message: 'has no effect with environment traefik', hint }];
}

/** Returns the manifests of a values file that says `environment: traefik`, and tells of what has no effect. */
export function ownEnvironment(values: string, onNotice: (notice: Problem) => void): Manifest[] {
  return synth(values, { name: 'reviews', registry: { environments: { traefik } }, onNotice });
}
