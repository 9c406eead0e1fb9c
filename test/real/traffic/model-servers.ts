import type { JsonObject } from '../../../src/release/json.js';
import type { EnvoyIdentity } from '../envoy-bootstrap.js';
import { loopback } from '../free-ports.js';
import { istioNamespace } from '../istiod.js';
import { namespaceNamed, onLoopback, workloadEntry } from '../mesh-objects.js';
import type { Protocol } from './backend-server.js';
import { modelMeshPort, namespace, versionPort } from './mesh-places.js';

/** Ports of that Envoy: of Istio's ingress gateway, and of Knative's local one. */
interface IngressPorts {
  readonly ingress: number;
  readonly local: number;
}

const knative = 'knative-serving';
const modelmesh = 'modelmesh-serving';
const selector = { istio: 'ingressgateway' };

/** The Envoy behind all of `ingressObjects`; it stands where their Services find it. */
export const ingressIdentity: EnvoyIdentity = {
  role: 'gateway',
  name: selector.istio,
  namespace: istioNamespace,
  labels: selector,
  address: loopback,
};

/** Those of Istio and of Knative speak HTTP/2 in clusters too. */
const http2 = 'http2';

/** What Istio and Knative install: two Services over one Envoy, and a Gateway for each. */
export function ingressObjects({ ingress, local }: IngressPorts): JsonObject[] {
  const place = { name: selector.istio, namespace: istioNamespace, port: ingress };
  const of = istioNamespace;
  return [
    namespaceNamed(knative),
    service('istio-ingressgateway', { of, selector, port: { name: http2, port: 80, targetPort: ingress } }),
    service('knative-local-gateway', { of, selector, port: { name: http2, port: 80, targetPort: local } }),
    workloadEntry(selector.istio, { namespace: istioNamespace, address: loopback, labels: selector }),
    gatewayOf('knative-ingress-gateway', { port: { number: 80, name: 'http', protocol: 'HTTP' } }),
    gatewayOf('knative-local-gateway', { port: { number: local, name: 'http', protocol: 'HTTP' }, bind: loopback }),
    { ...onLoopback(place), metadata: { name: 'ingress-on-loopback', namespace: istioNamespace } },
  ];
}

/** A predictor of an InferenceService: the version, what KServe calls it, and what its container speaks. */
export interface Predictor {
  readonly version: string;
  readonly name: string;
  readonly protocol: Protocol;
}

/** What Knative makes of a predictor: a Service over its pods, and a route of its internal host. */
export function revisionObjects({ version, name, protocol }: Predictor): JsonObject[] {
  const revision = `${name}-00001`;
  const destination = { host: `${revision}.${namespace}.svc.cluster.local`, port: { number: 80 } };
  return [
    service(revision, { of: namespace, selector: { app: version }, port: { ...pods, appProtocol: protocol } }),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: `${name}-ingress`, namespace },
      spec: {
        hosts: [`${name}.${namespace}.svc.cluster.local`],
        gateways: [`${knative}/knative-local-gateway`],
        http: [{ route: [{ destination }] }],
      },
    },
  ];
}

/** What KServe makes of a predictor in RawDeployment: a Service over its pods. */
export function predictorService({ version, name, protocol }: Predictor): JsonObject {
  return service(name, { of: namespace, selector: { app: version }, port: { ...pods, appProtocol: protocol } });
}

/** ModelMesh's Service, and its pods at an address. */
export function modelMeshObjects(address: string): JsonObject[] {
  const labels = { 'modelmesh-service': 'modelmesh-serving' };
  const port = { name: 'grpc', port: modelMeshPort, targetPort: versionPort };
  return [
    namespaceNamed(modelmesh),
    service('modelmesh-serving', { of: modelmesh, selector: labels, port }),
    workloadEntry('modelmesh', { namespace: modelmesh, address, labels }),
  ];
}

const pods = { name: 'http', port: 80, targetPort: versionPort };

interface ServiceOptions {
  readonly of: string;
  readonly selector: JsonObject;
  readonly port: JsonObject;
}

function service(name: string, { of, selector, port }: ServiceOptions): JsonObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: of }, spec: { selector, ports: [port] } };
}

function gatewayOf(name: string, server: JsonObject): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: knative },
    spec: { selector, servers: [{ ...server, hosts: ['*'] }] },
  };
}
