import type { JsonObject } from '../release/json.js';
import { type GatewayName, primaryOf, type ReleaseModel, versionNamed } from '../release/model.js';
import type { RouteMatch, RoutePlan, RouteRule } from '../release/route-plan.js';
import { sessionCookie } from './cookie-affinity.js';
import { gatewayNamesOf, meshHosts, ownHosts } from './hosts.js';
import { sharedMetadata } from './metadata.js';

/** The port of the Service that is the route's parent inside the mesh. */
export const SHARED_PORT = 80;

/** What differs between the routes of the Gateway API. */
export interface RouteKind {
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  /** Returns the matches of a rule as they are written; undefined writes none, which fits every request. */
  readonly matches: (matches: readonly RouteMatch[]) => JsonObject[] | undefined;
}

/** Returns the Service that is the route's parent inside the mesh; its selector fits no pod, since the route decides. */
export function sharedService(release: ReleaseModel) {
  const { protocol, appProtocol, httpProtocol } = primaryOf(release);
  // A mesh that took the port for plain TCP or TLS, as a version may speak it, would not look at the route.
  const asked = protocol === 'grpc' ? (appProtocol ?? 'grpc') : httpProtocol;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: sharedMetadata(release),
    spec: {
      type: 'ClusterIP',
      selector: { app: release.name },
      ports: [
        {
          port: SHARED_PORT,
          targetPort: SHARED_PORT,
          protocol: 'TCP',
          ...(asked !== undefined && { appProtocol: asked }),
        },
      ],
      sessionAffinity: 'None',
    },
  };
}

/** Returns the route of a plan, bound to the release's own Service and to its gateways. */
export function gatewayRoute(release: ReleaseModel, plan: RoutePlan, { kind, matches }: RouteKind) {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: sharedMetadata(release),
    spec: {
      parentRefs: [
        { group: '', kind: 'Service', name: release.name, port: SHARED_PORT },
        ...gatewayNamesOf(release).map(gatewayRef),
      ],
      hostnames: hostnamesOf(release),
      rules: plan.rules.map((rule) => {
        const written = matches(rule.matches);
        return { ...(written && { matches: written }), ...treatmentOf(release, rule) };
      }),
    },
  };
}

/** Returns the host names of the route, each once. */
export function hostnamesOf(release: ReleaseModel): string[] {
  return [...new Set([release.name, ...meshHosts(release), ...ownHosts(release)])];
}

function gatewayRef({ name, namespace }: GatewayName): JsonObject {
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    ...(namespace !== undefined && { namespace }),
    name,
  };
}

/** Everything of a rule but its matches, which both kinds of route write alike. */
function treatmentOf(release: ReleaseModel, rule: RouteRule): JsonObject {
  return {
    ...(rule.mirrors.length > 0 && {
      filters: rule.mirrors.map(({ version, percent }) => ({
        type: 'RequestMirror',
        requestMirror: { backendRef: serviceRef(release, version), percent },
      })),
    }),
    backendRefs: rule.backends.map(({ version, share }) => ({
      ...serviceRef(release, version),
      weight: share,
      ...filtersOf(release, rule, version),
    })),
  };
}

/** The cookie is added, since setting it would remove those of the application. */
function filtersOf(release: ReleaseModel, { session }: RouteRule, version: string): JsonObject {
  const responseHeaderModifier = {
    ...(release.versionHeader && { set: [{ name: 'app-version', value: version }] }),
    ...(session && { add: [{ name: 'Set-Cookie', value: sessionCookie(session, version) }] }),
  };
  if (Object.keys(responseHeaderModifier).length === 0) return {};
  return { filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier }] };
}

function serviceRef(release: ReleaseModel, name: string): JsonObject {
  const { service, namespace, elsewhere, port } = versionNamed(release, name).address;
  return { group: '', kind: 'Service', name: service, ...(elsewhere && { namespace }), port };
}
