import { ApiObject } from 'cdk8s';
import type { Contradiction } from '../release/contradiction.js';
import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import type { ReleaseModel } from '../release/model.js';
import type { CopyPlan, RoutePlan, RouteRule } from '../release/route-plan.js';
import { copyPlan } from './copy-plan.js';
import { refuseMode } from './deployment-mode.js';
import { gatewaysOf, meshHosts } from './hosts.js';
import { inferenceService } from './inference-service.js';
import { isHost, refuseGateways, refuseIstioHosts, routeHosts } from './istio-hosts.js';
import { refuseIstioMatches } from './istio-match.js';
import { sharedMetadata } from './metadata.js';
import { refuseShadow, shadowGateway, shadowHost, shadowMirror, shadowRoute } from './modelmesh-shadow.js';
import { textPlan } from './text-paths.js';
import { httpMatchRequest, versionHeader, virtualService } from './virtual-service.js';

/**
 * Legacy: KServe's ModelMesh, which is archived upstream, behind Istio. One Service serves all models, and the request
 * header `mm-vmodel-id` says which; so the VirtualService names the version there. Copies of requests would carry the
 * primary's, and take a second hop through Istio's ingress gateway, which names the candidate.
 */
export const modelmesh = {
  id: 'modelmesh',
  aliases: ['kserve-modelmesh-istio'],
  workloads: 'InferenceService',
  matchForm: () => 'match',
  supports: ['weight', 'match', 'mirror', 'gateway', 'hosts', 'model-mesh-service', 'version-namespace'],
  refuses: (release, plan) => [
    ...refuseService(release),
    ...refuseIstioHosts(release),
    ...refuseGateways(release),
    ...refuseIstioMatches(plan, 'modelmesh', gatewaysOf(release)),
    ...refuseMode(release, { deploymentMode: 'ModelMesh', hint: elsewhere }),
    ...refuseShadow(release, plan),
  ],
  measured: ({ name }) => ({ workload: name }),
  prepare: (release, plan) => ({ release, plan: { ...textPlan(plan), copies: copyPlan(plan) } }),
  routeTest: false,
  render(scope, release, plan) {
    for (const version of release.versions) {
      const model = inferenceService(release, version, { deploymentMode: 'ModelMesh' });
      new ApiObject(scope, `inference-service-${version.name}`, model);
    }
    new ApiObject(scope, 'service-entry', serviceEntry(release));
    new ApiObject(scope, 'route', route(release, plan));
    const { copies } = plan;
    if (copies === undefined) return;
    new ApiObject(scope, 'shadow-gateway', shadowGateway(release));
    new ApiObject(
      scope,
      'shadow-route',
      shadowRoute(release, copies, (name) => backend(release, name)),
    );
  },
} as const satisfies Environment;

/** What else may run models. */
const elsewhere = 'Leave the annotation out, or choose the environment kserve and its deploymentMode.';

/** The destination of every route is a name that Istio knows, and no address. */
function refuseService({ modelMesh: { host } }: ReleaseModel): Contradiction[] {
  if (isHost(host.replace(/\.$/, '')) && !host.startsWith('*')) return [];
  const message = `is ${JSON.stringify(host.slice(0, 80))}, which is no host name`;
  const hint =
    'Give the name of a Service without scheme, port and path, such as modelmesh-serving.modelmesh-serving.svc.cluster.local.';
  return [{ path: ['service', 'host'], message, hint }];
}

/** Makes the release's names known to the mesh; its endpoints are the pods of ModelMesh. */
function serviceEntry(release: ReleaseModel) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: sharedMetadata(release),
    spec: {
      hosts: meshHosts(release),
      location: 'MESH_INTERNAL',
      ports: [{ number: release.modelMesh.port, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
      workloadSelector: { labels: { 'modelmesh-service': 'modelmesh-serving' } },
    },
  };
}

function route(release: ReleaseModel, plan: RoutePlan) {
  return virtualService(release, {
    hosts: routeHosts(release),
    gateways: [...gatewaysOf(release), 'mesh'],
    http: plan.rules.map((rule) => httpRoute(release, rule, plan.copies)),
  });
}

function httpRoute(release: ReleaseModel, rule: RouteRule, copies: CopyPlan | undefined): JsonObject {
  const { name, matches, backends, mirrors } = rule;
  const copied = mirrors.length > 0 && copies !== undefined;
  const authority: JsonObject = copied ? { Host: shadowHost(release) } : {};
  return {
    name,
    ...(matches.length > 0 && { match: matches.map(httpMatchRequest) }),
    route: backends.map(({ version, share }) => ({ ...backend(release, version, authority), weight: share })),
    ...(copied && { mirrors: [shadowMirror(copies)] }),
  };
}

/** ModelMesh, asked for the model of that version. */
function backend(release: ReleaseModel, version: string, headers: JsonObject = {}): JsonObject {
  const { host, port } = release.modelMesh;
  return {
    destination: { host, port: { number: port } },
    headers: { request: { set: { 'mm-vmodel-id': version, ...headers } }, ...versionHeader(release, version) },
  };
}
