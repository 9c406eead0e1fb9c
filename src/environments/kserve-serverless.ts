import type { JsonObject } from '../release/json.js';
import { type ReleaseModel, type VersionModel, versionNamed } from '../release/model.js';
import type { CopyPlan, RoutePlan, RouteRule } from '../release/route-plan.js';
import { gatewaysOf } from './hosts.js';
import { routeHosts } from './istio-hosts.js';
import { type PredictorNaming, predictorHost } from './kserve-predictor.js';
import { httpMatchRequest, versionHeader, virtualService } from './virtual-service.js';

/** Where Knative serves inside the cluster. */
export const LOCAL_GATEWAY_HOST = 'knative-local-gateway.istio-system.svc.cluster.local';
/** The header by which the first hop of a split tells the second which version it drew. */
export const BRANCH = 'branch';
/** Before Istio 1.28, and with its compatibility profiles, Envoy appends it to the Host of what it mirrors. */
const SHADOW = '-shadow';
const LOCAL_GATEWAY = 'knative-serving/knative-local-gateway';
const INGRESS_GATEWAY = 'knative-serving/knative-ingress-gateway';
/** The gateways of every route. */
export const knativeGateways = [INGRESS_GATEWAY, LOCAL_GATEWAY];

/** Returns the name of the VirtualService that takes what is mirrored. */
export function shadowName({ name }: ReleaseModel): string {
  return `${name}${SHADOW}`;
}

/** Returns whether a rule takes two hops; one whose weights leave a single version keeps that form. */
export function splits({ weighted, backends }: RouteRule): boolean {
  return weighted || backends.length > 1;
}

/**
 * Returns the VirtualService that sends requests to the versions' predictors, whose Host and path differ.
 * Where weights decide, Istio can give each share a Host but not a path of its own; so the split names the version in
 * the header `branch`, and the request passes the gateway once more, where the rules of the branches come first.
 * As in Iter8, a client calls `/`, and one that sends `branch` itself chooses its version.
 */
export function kserveRoute(release: ReleaseModel, plan: RoutePlan, naming: PredictorNaming) {
  const branches = (plan.branches ?? []).map((name) => branchRule(release, versionNamed(release, name), naming));
  const rules = plan.rules.map((rule) =>
    splits(rule) ? split(release, rule) : direct(release, rule, { ...plan, naming }),
  );
  const own = gatewaysOf({ ...release, gateway: undefined });
  return virtualService(release, {
    hosts: routeHosts(release),
    gateways: [...new Set([...knativeGateways, ...own, 'mesh'])],
    http: [...branches, ...rules],
  });
}

/**
 * Returns the VirtualService that takes the copies of a mirror to the candidates; undefined where nothing is mirrored.
 * A copy arrives with the Host and the path of the primary. It must come by another gateway than the request itself:
 * since Istio 1.28 nothing else tells the two apart, and at the local gateway the primary would answer both. Several
 * candidates share the copies by two hops like those of a split, in here, so that no answer of theirs can be reached.
 */
export function kserveShadow(release: ReleaseModel, { copies }: RoutePlan, naming: PredictorNaming) {
  if (copies === undefined) return undefined;
  const primary = versionNamed(release, copies.version);
  const spec = {
    hosts: [predictorHost(primary, naming), `${predictorHost(primary, naming)}${SHADOW}`],
    gateways: [INGRESS_GATEWAY],
    http: shadowRules(release, copies, naming),
  };
  return virtualService(release, spec, shadowName(release));
}

function shadowRules(release: ReleaseModel, plan: CopyPlan, naming: PredictorNaming): JsonObject[] {
  const { mirrors, shares } = plan;
  const path = versionNamed(release, plan.version).model.predictionPath;
  // A rewrite replaces the prefix that was matched.
  const uri: JsonObject = path === undefined ? {} : { uri: { prefix: path } };
  const copies = mirrors.map(({ version: name }) => {
    const version = versionNamed(release, name);
    const match = { ...uri, ...(mirrors.length > 1 && branchMatch(version)) };
    const request = { set: { Host: predictorHost(version, naming) }, ...(mirrors.length > 1 && { remove: [BRANCH] }) };
    return {
      name,
      ...(Object.keys(match).length > 0 && { match: [match] }),
      ...rewritten(version.model.predictionPath),
      route: [{ destination, weight: 100, headers: { request } }],
    };
  });
  if (mirrors.length < 2) return copies;
  const route = shares.map(({ version, share }) => ({
    destination: copyDestination,
    weight: share,
    headers: { request: { set: { [BRANCH]: version } } },
  }));
  // Without the match, a foreign path would come back here for ever.
  const entry: JsonObject = path === undefined ? {} : { match: [uri] };
  return [...copies, { name: shadowName(release), ...entry, route }];
}

function branchRule(release: ReleaseModel, version: VersionModel, naming: PredictorNaming): JsonObject {
  const request = { set: { Host: predictorHost(version, naming) }, remove: [BRANCH] };
  return {
    name: `${BRANCH}-${version.name}`,
    match: [branchMatch(version)],
    ...rewritten(version.model.predictionPath),
    route: [{ destination, weight: 100, headers: { request, ...versionHeader(release, version.name) } }],
  };
}

function branchMatch({ name }: VersionModel): JsonObject {
  return { headers: { [BRANCH]: { exact: name } } };
}

function split(release: ReleaseModel, { name, matches, backends, rewrite }: RouteRule): JsonObject {
  const host = `${release.name}.${release.namespace}`;
  return {
    name,
    ...(matches.length > 0 && { match: matches.map(httpMatchRequest) }),
    ...rewritten(rewrite),
    route: backends.map(({ version, share }) => ({
      destination,
      weight: share,
      headers: { request: { set: { [BRANCH]: version, host } } },
    })),
  };
}

interface Direct extends Pick<RoutePlan, 'copies'> {
  readonly naming: PredictorNaming;
}

function direct(release: ReleaseModel, rule: RouteRule, { naming, copies }: Direct) {
  const { name, matches, backends, mirrors, rewrite } = rule;
  const versions = backends.map((backend) => versionNamed(release, backend.version));
  const copied = mirrors.length > 0 && copies !== undefined;
  return {
    name,
    ...(matches.length > 0 && { match: matches.map(httpMatchRequest) }),
    ...rewritten(rewrite),
    route: versions.map((version) => {
      const request = {
        set: { Host: predictorHost(version, naming) },
        ...(mirrors.length > 1 && { remove: [BRANCH] }),
      };
      return { destination, weight: 100, headers: { request, ...versionHeader(release, version.name) } };
    }),
    ...(copied && { mirrors: [{ destination: copyDestination, percentage: { value: copies.percent } }] }),
  } satisfies JsonObject;
}

/** No port: the Service has one, and Iter8's routes name none either. */
const destination: JsonObject = { host: LOCAL_GATEWAY_HOST };

/** Where Knative's ingress gateway listens, under the names that Istio and Knative install. */
const copyDestination: JsonObject = {
  host: 'istio-ingressgateway.istio-system.svc.cluster.local',
  port: { number: 80 },
};

function rewritten(uri: string | undefined): JsonObject {
  return uri === undefined ? {} : { rewrite: { uri } };
}
