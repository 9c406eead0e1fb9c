import type { JsonObject } from '../release/json.js';
import { type ReleaseModel, type VersionModel, versionNamed } from '../release/model.js';
import type { Mirror, RoutePlan, RouteRule } from '../release/route-plan.js';
import { shares } from '../release/shares.js';
import { gatewaysOf, meshHosts, ownHosts } from './hosts.js';
import { type PredictorNaming, predictionPath, predictorHost } from './kserve-predictor.js';
import { httpMatchRequests, versionHeader, virtualService } from './virtual-service.js';

/** Where Knative serves inside the cluster. */
export const LOCAL_GATEWAY_HOST = 'knative-local-gateway.istio-system.svc.cluster.local';
/** The header by which the first hop of a split tells the second which version it drew. */
export const BRANCH = 'branch';
/** Before Istio 1.28, and with its compatibility profiles, Envoy appends it to the Host of what it mirrors. */
const SHADOW = '-shadow';
const LOCAL_GATEWAY = 'knative-serving/knative-local-gateway';
const INGRESS_GATEWAY = 'knative-serving/knative-ingress-gateway';

/** Returns the name of the VirtualService that takes what is mirrored. */
export function shadowName({ name }: ReleaseModel): string {
  return `${name}${SHADOW}`;
}

/** Returns the versions that a split of the plan reaches, each once. */
export function branchesOf({ rules }: RoutePlan): string[] {
  return [...new Set(rules.filter(splits).flatMap(({ backends }) => backends.map((backend) => backend.version)))];
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
  const branches = branchesOf(plan).map((name) => branchRule(release, versionNamed(release, name), naming));
  const rules = plan.rules.map((rule) => (splits(rule) ? split(release, rule) : direct(release, rule, naming)));
  const own = gatewaysOf({ ...release, gateway: undefined });
  return virtualService(release, {
    hosts: [...meshHosts(release), ...ownHosts(release)],
    gateways: [...new Set([INGRESS_GATEWAY, LOCAL_GATEWAY, ...own, 'mesh'])],
    http: [...branches, ...rules],
  });
}

/**
 * Returns the VirtualService that takes the copies of a mirror to the candidates; undefined where nothing is mirrored.
 * A copy arrives with the Host and the path of the primary. It must come by another gateway than the request itself:
 * since Istio 1.28 nothing else tells the two apart, and at the local gateway the primary would answer both. Several
 * candidates share the copies by two hops like those of a split, in here, so that no answer of theirs can be reached.
 */
export function kserveShadow(release: ReleaseModel, plan: RoutePlan, naming: PredictorNaming) {
  const rule = plan.rules.find(({ mirrors }) => mirrors.length > 0);
  const [backend] = rule?.backends ?? [];
  if (rule === undefined || backend === undefined) return undefined;
  const primary = versionNamed(release, backend.version);
  const spec = {
    hosts: [predictorHost(primary, naming), `${predictorHost(primary, naming)}${SHADOW}`],
    gateways: [INGRESS_GATEWAY],
    http: shadowRules(release, { primary, mirrors: rule.mirrors, naming }),
  };
  return virtualService(release, spec, shadowName(release));
}

interface Shadow {
  readonly primary: VersionModel;
  readonly mirrors: readonly Mirror[];
  readonly naming: PredictorNaming;
}

function shadowRules(release: ReleaseModel, { primary, mirrors, naming }: Shadow): JsonObject[] {
  const path = predictionPath(release, primary);
  // A rewrite replaces the prefix that was matched.
  const uri: JsonObject = path === undefined ? {} : { uri: { prefix: path } };
  const copies = mirrors.map(({ version: name }) => {
    const version = versionNamed(release, name);
    const match = { ...uri, ...(mirrors.length > 1 && branchMatch(version)) };
    const request = { set: { Host: predictorHost(version, naming) }, ...(mirrors.length > 1 && { remove: [BRANCH] }) };
    return {
      name,
      ...(Object.keys(match).length > 0 && { match: [match] }),
      ...rewrite(release, version),
      route: [{ destination, weight: 100, headers: { request } }],
    };
  });
  if (mirrors.length < 2) return copies;
  const weights = shares(mirrors.map(({ percent }) => percent));
  const route = mirrors.map(({ version }, i) => ({
    destination: copyDestination,
    weight: weights[i] ?? 0,
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
    ...rewrite(release, version),
    route: [{ destination, weight: 100, headers: { request, ...versionHeader(release, version.name) } }],
  };
}

function branchMatch({ name }: VersionModel): JsonObject {
  return { headers: { [BRANCH]: { exact: name } } };
}

function split(release: ReleaseModel, { name, matches, backends }: RouteRule): JsonObject {
  const host = `${release.name}.${release.namespace}`;
  const paths = backends.map(({ version }) => predictionPath(release, versionNamed(release, version)));
  // The branch replaces the prefix / alone, so a path that was matched here must not reach it.
  const trims = matches.some(({ path }) => path !== undefined) && !paths.includes(undefined);
  return {
    name,
    ...(matches.length > 0 && { match: matches.flatMap(httpMatchRequests) }),
    ...(trims && { rewrite: { uri: '/' } }),
    route: backends.map(({ version, share }) => ({
      destination,
      weight: share,
      headers: { request: { set: { [BRANCH]: version, host } } },
    })),
  };
}

function direct(release: ReleaseModel, { name, matches, backends, mirrors }: RouteRule, naming: PredictorNaming) {
  const versions = backends.map((backend) => versionNamed(release, backend.version));
  const percent = mirrors.reduce((sum, mirror) => sum + mirror.percent, 0);
  return {
    name,
    ...(matches.length > 0 && { match: matches.flatMap(httpMatchRequests) }),
    ...(versions[0] && rewrite(release, versions[0])),
    route: versions.map((version) => {
      const request = {
        set: { Host: predictorHost(version, naming) },
        ...(mirrors.length > 1 && { remove: [BRANCH] }),
      };
      return { destination, weight: 100, headers: { request, ...versionHeader(release, version.name) } };
    }),
    ...(percent > 0 && { mirrors: [{ destination: copyDestination, percentage: { value: percent } }] }),
  } satisfies JsonObject;
}

/** No port: the Service has one, and Iter8's routes name none either. */
const destination: JsonObject = { host: LOCAL_GATEWAY_HOST };

/** Where Knative's ingress gateway listens, under the names that Istio and Knative install. */
const copyDestination: JsonObject = {
  host: 'istio-ingressgateway.istio-system.svc.cluster.local',
  port: { number: 80 },
};

function rewrite(release: ReleaseModel, version: VersionModel): JsonObject {
  const uri = predictionPath(release, version);
  return uri === undefined ? {} : { rewrite: { uri } };
}
