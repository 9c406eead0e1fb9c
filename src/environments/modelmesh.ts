import { ApiObject } from 'cdk8s';
import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import type { ReleaseModel } from '../release/model.js';
import type { RoutePlan, RouteRule } from '../release/route-plan.js';
import { gatewaysOf, meshHosts } from './hosts.js';
import { inferenceService } from './inference-service.js';
import { refuseHosts, routeHosts } from './istio-hosts.js';
import { sharedMetadata } from './metadata.js';
import { refuseShadow, shadowGateway, shadowHost, shadowMirror, shadowRoute } from './modelmesh-shadow.js';
import { httpMatchRequests, versionHeader, virtualService } from './virtual-service.js';

/**
 * Legacy: KServe's ModelMesh, which is archived upstream, behind Istio. One Service serves all models, and the request
 * header `mm-vmodel-id` says which; so the VirtualService names the version there. Copies of requests would carry the
 * primary's, and take a second hop through Istio's ingress gateway, which names the candidate.
 */
export const modelmesh = {
  id: 'modelmesh',
  aliases: ['kserve-modelmesh-istio'],
  workloads: 'InferenceService',
  supports: ['weight', 'match', 'mirror', 'gateway', 'hosts', 'model-mesh-service', 'version-namespace'],
  refuses: (release, plan) => [...refuseHosts(release), ...refuseShadow(release, plan)],
  render(scope, release, plan) {
    for (const version of release.versions) {
      const model = inferenceService(release, version, { deploymentMode: 'ModelMesh' });
      new ApiObject(scope, `inference-service-${version.name}`, model);
    }
    new ApiObject(scope, 'service-entry', serviceEntry(release));
    new ApiObject(scope, 'route', route(release, plan));
    const mirrored = plan.rules.find(({ mirrors }) => mirrors.length > 0);
    if (mirrored === undefined) return;
    new ApiObject(scope, 'shadow-gateway', shadowGateway(release));
    new ApiObject(
      scope,
      'shadow-route',
      shadowRoute(release, mirrored, (name) => backend(release, name)),
    );
  },
} as const satisfies Environment;

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
    http: plan.rules.map((rule) => httpRoute(release, rule)),
  });
}

function httpRoute(release: ReleaseModel, { name, matches, backends, mirrors }: RouteRule): JsonObject {
  const authority: JsonObject = mirrors.length > 0 ? { Host: shadowHost(release) } : {};
  return {
    name,
    ...(matches.length > 0 && { match: matches.flatMap(httpMatchRequests) }),
    route: backends.map(({ version, share }) => ({ ...backend(release, version, authority), weight: share })),
    ...(mirrors.length > 0 && { mirrors: [shadowMirror(mirrors)] }),
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
