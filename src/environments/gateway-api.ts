import { ApiObject } from 'cdk8s';
import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import type { ReleaseModel } from '../release/model.js';
import type { NamedMatch, RouteMatch, RoutePlan, RouteRule } from '../release/route-plan.js';
import { gatewaysOf, meshHosts } from './hosts.js';
import { renderVersions } from './workload.js';

const SHARED_PORT = 80;

/**
 * The Gateway API: an HTTPRoute v1 over the versions' Services, with the release's own Service and a Gateway as parents.
 * Fields that the API server would default are written out, so that nothing drifts.
 */
export const gatewayApi = {
  id: 'gateway-api',
  aliases: ['deployment-gtw'],
  supports: ['weight', 'match', 'mirror'],
  refuses: ({ headers, query, istio }) => {
    if (istio !== undefined) return `an HTTPRoute has no ${Object.keys(istio).join(', ')}`;
    const prefix = [...headers, ...query].find(({ match }) => match.kind === 'prefix');
    return prefix && `an HTTPRoute cannot match ${prefix.name} by prefix, only exact or by regular expression`;
  },
  render(scope, release, plan) {
    renderVersions(scope, release);
    new ApiObject(scope, 'service', sharedService(release));
    new ApiObject(scope, 'route', httpRoute(release, plan));
  },
} as const satisfies Environment;

/** The parent of the route inside the mesh; its selector fits no pod, since the route decides. */
function sharedService({ name, namespace }: ReleaseModel) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: SHARED_PORT }] },
  };
}

function httpRoute(release: ReleaseModel, plan: RoutePlan) {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: release.name, namespace: release.namespace },
    spec: {
      parentRefs: [
        { group: '', kind: 'Service', name: release.name, port: SHARED_PORT },
        ...gatewaysOf(release).map(gatewayRef),
      ],
      hostnames: [release.name, ...meshHosts(release), ...release.hosts.map((host) => host.name)],
      rules: plan.rules.map((rule) => httpRouteRule(release, rule)),
    },
  };
}

/** `name`, or `namespace/name`. */
function gatewayRef(gateway: string): JsonObject {
  const [name, namespace] = gateway.split('/').reverse();
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    ...(namespace !== undefined && { namespace }),
    name: name ?? gateway,
  };
}

function httpRouteRule(release: ReleaseModel, rule: RouteRule): JsonObject {
  const matches = rule.matches.length > 0 ? rule.matches : [everything];
  return {
    matches: matches.map(httpRouteMatch),
    ...(rule.mirrors.length > 0 && {
      filters: rule.mirrors.map(({ version, percent }) => ({
        type: 'RequestMirror',
        requestMirror: { backendRef: serviceRef(release, version), percent },
      })),
    }),
    backendRefs: rule.backends.map(({ version, share }) => ({
      ...serviceRef(release, version),
      weight: share,
      ...(release.versionHeader && { filters: [versionHeader(version)] }),
    })),
  };
}

const everything: RouteMatch = { headers: [], query: [], path: undefined, method: undefined, istio: undefined };

function httpRouteMatch({ headers, query, path, method }: RouteMatch): JsonObject {
  const pathTypes = { exact: 'Exact', prefix: 'PathPrefix', regex: 'RegularExpression' };
  return {
    path: path ? { type: pathTypes[path.kind], value: path.value } : { type: 'PathPrefix', value: '/' },
    ...(headers.length > 0 && { headers: headers.map(namedMatch) }),
    ...(query.length > 0 && { queryParams: query.map(namedMatch) }),
    ...(method !== undefined && { method }),
  };
}

function namedMatch({ name, match }: NamedMatch): JsonObject {
  return { type: match.kind === 'regex' ? 'RegularExpression' : 'Exact', name, value: match.value };
}

function serviceRef({ versions }: ReleaseModel, name: string): JsonObject {
  const port = versions.find((version) => version.name === name)?.port ?? null;
  return { group: '', kind: 'Service', name, port };
}

function versionHeader(version: string): JsonObject {
  return {
    type: 'ResponseHeaderModifier',
    responseHeaderModifier: { set: [{ name: 'app-version', value: version }] },
  };
}
