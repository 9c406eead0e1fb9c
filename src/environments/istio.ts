import { ApiObject } from 'cdk8s';
import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import { type ReleaseModel, versionNamed } from '../release/model.js';
import type { RoutePlan, RouteRule } from '../release/route-plan.js';
import { gatewaysOf, meshHosts, ownHosts } from './hosts.js';
import { refuseSharedName } from './refusals.js';
import { externalNameService, httpMatchRequest, versionHeader, virtualService } from './virtual-service.js';
import { renderVersions } from './workload.js';

const INGRESS_GATEWAY = 'istio-ingressgateway.istio-system.svc.cluster.local';

/** Istio: a VirtualService over the versions' Services, for the mesh and for a gateway. */
export const istio = {
  id: 'istio',
  aliases: ['deployment-istio'],
  workloads: 'Deployment',
  supports: [
    'weight',
    'match',
    'mirror',
    'gateway',
    'hosts',
    'external-service',
    'version-namespace',
    'autoscaler',
    'disruption-budget',
  ],
  refuses: refuseSharedName,
  render(scope, release, plan) {
    renderVersions(scope, release);
    new ApiObject(scope, 'service', externalNameService(release, INGRESS_GATEWAY));
    new ApiObject(scope, 'route', route(release, plan));
  },
} as const satisfies Environment;

function route(release: ReleaseModel, plan: RoutePlan) {
  return virtualService(release, {
    hosts: [...meshHosts(release), ...ownHosts(release)],
    gateways: [...gatewaysOf(release), 'mesh'],
    http: plan.rules.map((rule) => httpRoute(release, rule)),
  });
}

function httpRoute(release: ReleaseModel, rule: RouteRule): JsonObject {
  return {
    name: rule.name,
    ...(rule.matches.length > 0 && { match: rule.matches.map(httpMatchRequest) }),
    route: rule.backends.map(({ version, share }) => ({
      destination: destination(release, version),
      weight: share,
      ...(release.versionHeader && { headers: versionHeader(release, version) }),
    })),
    ...(rule.mirrors.length > 0 && {
      mirrors: rule.mirrors.map(({ version, percent }) => ({
        destination: destination(release, version),
        percentage: { value: percent },
      })),
    }),
  };
}

function destination(release: ReleaseModel, name: string): JsonObject {
  const { service, namespace, port } = versionNamed(release, name).address;
  return { host: `${service}.${namespace}.svc.cluster.local`, port: { number: port } };
}
