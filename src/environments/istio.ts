import { ApiObject } from 'cdk8s';
import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import type { ReleaseModel } from '../release/model.js';
import type { NamedMatch, RouteMatch, RoutePlan, RouteRule, StringMatch } from '../release/route-plan.js';
import { gatewaysOf, meshHosts } from './hosts.js';
import { renderVersions } from './workload.js';

/** Istio: a VirtualService over the versions' Services, for the mesh and for a gateway. */
export const istio = {
  id: 'istio',
  aliases: ['deployment-istio'],
  supports: ['weight', 'match', 'mirror'],
  refuses: () => undefined,
  render(scope, release, plan) {
    renderVersions(scope, release);
    new ApiObject(scope, 'service', sharedService(release));
    new ApiObject(scope, 'route', virtualService(release, plan));
  },
} as const satisfies Environment;

/** Gives the release's name an address; the VirtualService decides where its requests go. */
function sharedService({ name, namespace }: ReleaseModel) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: {
      type: 'ExternalName',
      externalName: 'istio-ingressgateway.istio-system.svc.cluster.local',
      sessionAffinity: 'None',
    },
  };
}

function virtualService(release: ReleaseModel, plan: RoutePlan) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: release.name, namespace: release.namespace },
    spec: {
      hosts: [...meshHosts(release), ...release.hosts.map((host) => host.name)],
      gateways: [...gatewaysOf(release), 'mesh'],
      http: plan.rules.map((rule) => httpRoute(release, rule)),
    },
  };
}

function httpRoute(release: ReleaseModel, rule: RouteRule): JsonObject {
  return {
    name: rule.name,
    ...(rule.matches.length > 0 && { match: rule.matches.map(httpMatchRequest) }),
    route: rule.backends.map(({ version, share }) => ({
      destination: destination(release, version),
      weight: share,
      ...(release.versionHeader && { headers: { response: { set: { 'app-version': version } } } }),
    })),
    ...(rule.mirrors.length > 0 && {
      mirrors: rule.mirrors.map(({ version, percent }) => ({
        destination: destination(release, version),
        percentage: { value: percent },
      })),
    }),
  };
}

function destination({ namespace, versions }: ReleaseModel, name: string): JsonObject {
  const port = versions.find((version) => version.name === name)?.port ?? null;
  return { host: `${name}.${namespace}.svc.cluster.local`, port: { number: port } };
}

function httpMatchRequest({ headers, query, path, method, istio: others }: RouteMatch): JsonObject {
  return {
    ...others,
    ...(path && { uri: stringMatch(path) }),
    ...(method !== undefined && { method: { exact: method } }),
    ...(headers.length > 0 && { headers: namedMatches(headers) }),
    ...(query.length > 0 && { queryParams: namedMatches(query) }),
  };
}

function namedMatches(matches: readonly NamedMatch[]): JsonObject {
  return Object.fromEntries(matches.map(({ name, match }) => [name, stringMatch(match)]));
}

function stringMatch({ kind, value }: StringMatch): JsonObject {
  return { [kind]: value };
}
