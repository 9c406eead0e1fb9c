import type { Contradiction } from '../release/contradiction.js';
import type { JsonObject } from '../release/json.js';
import { type ReleaseModel, versionNamed } from '../release/model.js';
import type { NamedMatch, RouteMatch, RoutePlan, RouteRule } from '../release/route-plan.js';
import { gatewaysOf, meshHosts, ownHosts } from './hosts.js';
import { sharedMetadata } from './metadata.js';
import { refuseMatches } from './refusals.js';

/** The port of the Service that is the route's parent inside the mesh. */
export const SHARED_PORT = 80;

/** Returns what of the plan's matches an HTTPRoute cannot express. */
export function refuseHttpMatches(plan: RoutePlan, environment: string): Contradiction[] {
  return refuseMatches(plan, environment, ({ headers, query, istio }) => {
    if (istio !== undefined) return `an HTTPRoute has no ${Object.keys(istio).join(', ')}`;
    const prefix = [...headers, ...query].find(({ match }) => match.kind === 'prefix');
    return prefix && `an HTTPRoute cannot match ${prefix.name} by prefix, only exact or by regular expression`;
  });
}

/** Returns the HTTPRoute of a plan, bound to the release's own Service and to its gateways. */
export function httpRoute(release: ReleaseModel, plan: RoutePlan) {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: sharedMetadata(release),
    spec: {
      parentRefs: [
        { group: '', kind: 'Service', name: release.name, port: SHARED_PORT },
        ...gatewaysOf(release).map(gatewayRef),
      ],
      hostnames: [release.name, ...meshHosts(release), ...ownHosts(release)],
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

const everything: Omit<RouteMatch, 'place'> = { headers: [], query: [], path: undefined, method: undefined, istio: undefined };

function httpRouteMatch({ headers, query, path, method }: Omit<RouteMatch, 'place'>): JsonObject {
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

function serviceRef(release: ReleaseModel, name: string): JsonObject {
  const { service, namespace, port } = versionNamed(release, name).address;
  const elsewhere = namespace !== release.namespace;
  return { group: '', kind: 'Service', name: service, ...(elsewhere && { namespace }), port };
}

function versionHeader(version: string): JsonObject {
  return {
    type: 'ResponseHeaderModifier',
    responseHeaderModifier: { set: [{ name: 'app-version', value: version }] },
  };
}
