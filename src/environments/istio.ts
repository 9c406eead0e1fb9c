import { ApiObject } from 'cdk8s';
import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import { type ReleaseModel, versionNamed } from '../release/model.js';
import type { RoutePlan, RouteRule } from '../release/route-plan.js';
import { noticeAffinity, refuseCookieMatches, sessionCookie } from './cookie-affinity.js';
import { gatewaysOf } from './hosts.js';
import { refuseGateways, refuseIstioHosts, routeHosts } from './istio-hosts.js';
import { refuseIstioMatches } from './istio-match.js';
import { destinationRule, isSubset, refuseSubsets } from './istio-subsets.js';
import { refuseSharedName } from './refusals.js';
import { textPlan } from './text-paths.js';
import { externalNameService, httpMatchRequest, INGRESS_GATEWAY, virtualService } from './virtual-service.js';
import { renderVersions } from './workload.js';
import { noticeSelectors, refusePorts, refuseScaling } from './workload-checks.js';

/**
 * Istio: a VirtualService over the versions' Services, for the mesh and for a gateway. Deployments that exist already
 * are subsets of the Service that selects them all, which is called like the release.
 *
 * Session affinity is a cookie that the split deals, and rules before it that obey the cookie. So the weights divide
 * new sessions, and a changed weight shows only as sessions end, at the latest after `maxAge`, which answers do not
 * renew. A client without cookies is dealt anew at every request, and whoever writes the cookie chooses the version.
 */
export const istio = {
  id: 'istio',
  aliases: ['deployment-istio'],
  workloads: 'Deployment',
  matchForm: () => 'match',
  supports: [
    'weight',
    'match',
    'mirror',
    'gateway',
    'hosts',
    'cookie-affinity',
    'external-service',
    'external-deployment',
    'version-namespace',
    'autoscaler',
    'disruption-budget',
  ],
  refuses: (release, plan) => [
    ...refuseSharedName(release),
    ...refuseIstioHosts(release),
    ...refuseGateways(release),
    ...refuseIstioMatches(plan, 'istio', gatewaysOf(release)),
    ...refuseSubsets(release),
    ...refuseCookieMatches(release, plan),
    ...refuseScaling(release),
    ...refusePorts(release),
  ],
  notices: (release, plan) => [...noticeAffinity(release, plan), ...noticeSelectors(release)],
  prepare: (release, plan) => ({ release, plan: textPlan(plan) }),
  render(scope, release, plan) {
    renderVersions(scope, release);
    // The Service of that name exists already, and selects the Deployments.
    if (release.subsets) new ApiObject(scope, 'subsets', destinationRule(release));
    else new ApiObject(scope, 'service', externalNameService(release, INGRESS_GATEWAY));
    new ApiObject(scope, 'route', route(release, plan));
  },
} as const satisfies Environment;

function route(release: ReleaseModel, plan: RoutePlan) {
  return virtualService(release, {
    hosts: routeHosts(release),
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
      ...responseHeaders(release, rule, version),
    })),
    ...(rule.mirrors.length > 0 && {
      mirrors: rule.mirrors.map(({ version, percent }) => ({
        destination: destination(release, version),
        percentage: { value: percent },
      })),
    }),
  };
}

/** The cookie is added, since setting it would remove those of the application. */
function responseHeaders(release: ReleaseModel, { session }: RouteRule, version: string): JsonObject {
  const response: JsonObject = {
    ...(release.versionHeader && { set: { 'app-version': version } }),
    ...(session && { add: { 'Set-Cookie': sessionCookie(session, version) } }),
  };
  return Object.keys(response).length > 0 ? { headers: { response } } : {};
}

function destination(release: ReleaseModel, name: string): JsonObject {
  const version = versionNamed(release, name);
  const { service, namespace, port } = version.address;
  return {
    host: `${service}.${namespace}.svc.cluster.local`,
    ...(isSubset(version) && { subset: name }),
    port: { number: port },
  };
}
