import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Contradiction } from '../release/contradiction.js';
import type { Prepared } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import { primaryOf, type ReleaseModel } from '../release/model.js';
import { anyRequest, type NamedMatch, type RouteMatch, type RoutePlan } from '../release/route-plan.js';
import { noticeAffinity, refuseCookieMatches, withSessions } from './cookie-affinity.js';
import { gatewayRoute, type RouteKind, sharedService } from './gateway-route.js';
import { grpcRank, grpcRoute, notInGrpcRoute } from './grpc-route.js';
import { regexPlan } from './named-regex.js';
import type { Rank } from './precedence.js';
import { grantName, referenceGrant } from './reference-grant.js';
import { refuseSharedName } from './refusals.js';
import { refuseBackends, refuseHostnames, refuseParents, refuseProtocols, refuseSize } from './route-checks.js';
import { notInHttpRoute, refusePlan } from './route-match-checks.js';

/**
 * Adds what routes a plan by the Gateway API: the release's own Service (port 80) as the parent inside the mesh, an
 * HTTPRoute v1, or a GRPCRoute v1 where the primary speaks gRPC, and ReferenceGrants for versions in other namespaces.
 * Fields that the API server would default are written out, so that nothing drifts.
 *
 * Session affinity is a cookie that the split deals, and rules before it that obey the cookie, as on Istio; it takes a
 * gateway that matches headers by regular expression. The API's own `sessionPersistence` is experimental, and Istio takes
 * the field and ignores it.
 */
export function renderHttpRoutes(scope: Construct, release: ReleaseModel, plan: RoutePlan): void {
  const route = isGrpc(release) ? grpcRoute : httpRouteKind;
  new ApiObject(scope, 'service', sharedService(release));
  new ApiObject(scope, 'route', gatewayRoute(release, plan, route));
  for (const version of release.versions)
    if (version.address.elsewhere)
      new ApiObject(scope, `reference-grant-${version.name}`, referenceGrant(release, version, route.kind));
}

/** Returns the release and its plan as the routes write them: the names of grants, and no header by prefix. */
export function prepareHttpRoutes(release: ReleaseModel, plan: RoutePlan): Prepared {
  const versions = release.versions.map((version) => {
    const grant = grantName(release, version);
    return { ...version, address: { ...version.address, grant } };
  });
  return { release: { ...release, versions }, plan: regexPlan(plan) };
}

/** Returns what of a release and its plan the routes cannot express, or would route another way. */
export function refuseHttpRoutes(release: ReleaseModel, plan: RoutePlan, environment: string): Contradiction[] {
  const grpc = isGrpc(release);
  const target = grpc
    ? { kind: grpcRoute.kind, rank: grpcRank, reasons: notInGrpcRoute }
    : { kind: httpRouteKind.kind, rank: httpRank, reasons: notInHttpRoute };
  return [
    ...refuseSharedName(release),
    ...refuseHostnames(release, target.kind),
    ...refuseParents(release, target.kind),
    ...refuseBackends(plan, target.kind),
    ...refuseProtocols(release),
    ...refuseSize(withSessions(release, plan), target.kind),
    ...refuseCookieMatches(release, plan),
    ...refusePlan(release, plan, { ...target, environment }),
  ];
}

/** Returns what a person should know of how the routes read the release. */
export function noticeHttpRoutes(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  return noticeAffinity(release, plan);
}

function isGrpc(release: ReleaseModel): boolean {
  return primaryOf(release).protocol === 'grpc';
}

/**
 * An HTTPRoute prefers an exact path, then the longest prefix, then a method, then more headers, then more query
 * parameters. Where a path by regular expression stands is left to the gateway: Istio puts it below every prefix, others
 * above. A slash at the end of a prefix may count as a character or not.
 */
const httpRank: Rank = ({ path = { kind: 'prefix', value: '/' }, method, headers, query }, open) => {
  const rest = [method === undefined ? 0 : 1, headers.length, query.length];
  if (path.kind === 'exact') return [1, 0, ...rest];
  if (path.kind === 'regex') return [open === 'highest' ? 2 : -1, 0, ...rest];
  const bare = path.value.length > 1 ? path.value.replace(/\/$/, '') : path.value;
  return [0, (open === 'highest' ? path.value : bare).length, ...rest];
};

/** How an HTTPRoute writes matches; the API server would add the one that fits every request. */
const httpRouteKind = {
  kind: 'HTTPRoute',
  matches: (matches) => (matches.length > 0 ? matches : [anyRequest]).map(httpRouteMatch),
} as const satisfies RouteKind;

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
