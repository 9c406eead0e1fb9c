import type { JsonObject } from '../../../src/release/json.js';
import { loopback } from '../free-ports.js';
import { istioNamespace } from '../istiod.js';
import { namespaceNamed, onLoopback, workloadEntry } from '../mesh-objects.js';
import { gateway, namespace, versionPort } from './mesh.js';

/** Ports of the gateway's Envoy: of Istio's ingress gateway, and of Knative's local one. */
export interface IngressPorts {
  readonly ingress: number;
  readonly local: number;
}

const knative = 'knative-serving';
const modelmesh = 'modelmesh-serving';
const selector = { istio: gateway.split('/')[1] ?? '' };

/** What Istio and Knative install: two Services over one Envoy, and a Gateway for each. */
export function ingressObjects({ ingress, local }: IngressPorts): JsonObject[] {
  const place = { name: selector.istio, namespace: istioNamespace, port: ingress };
  return [
    namespaceNamed(knative),
    service('istio-ingressgateway', { of: istioNamespace, selector, port: 80, targetPort: ingress }),
    service('knative-local-gateway', { of: istioNamespace, selector, port: 80, targetPort: local }),
    workloadEntry('ingress', { namespace: istioNamespace, address: loopback, labels: selector }),
    gatewayOf('knative-ingress-gateway', { port: { number: 80, name: 'http', protocol: 'HTTP' } }),
    gatewayOf('knative-local-gateway', { port: { number: local, name: 'http', protocol: 'HTTP' }, bind: loopback }),
    { ...onLoopback(place), metadata: { name: 'ingress-on-loopback', namespace: istioNamespace } },
  ];
}

/** What Knative makes of the predictor of a version: a Service over its pods, and a route of its internal host. */
export function predictorObjects(version: string, host: string): JsonObject[] {
  const revision = `${version}-predictor-00001`;
  const destination = { host: `${revision}.${namespace}.svc.cluster.local`, port: { number: 80 } };
  return [
    service(revision, { of: namespace, selector: { app: version }, port: 80, targetPort: versionPort }),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: `${version}-predictor-ingress`, namespace },
      spec: {
        hosts: [host],
        gateways: [`${knative}/knative-local-gateway`],
        http: [{ route: [{ destination }] }],
      },
    },
  ];
}

/** ModelMesh's Service, and its pods at an address. */
export function modelMeshObjects(address: string): JsonObject[] {
  const labels = { 'modelmesh-service': 'modelmesh-serving' };
  return [
    namespaceNamed(modelmesh),
    service('modelmesh-serving', { of: modelmesh, selector: labels, port: 8033, targetPort: versionPort }),
    workloadEntry('modelmesh', { namespace: modelmesh, address, labels }),
  ];
}

interface ServiceOptions {
  readonly of: string;
  readonly selector: JsonObject;
  readonly port: number;
  readonly targetPort: number;
}

function service(name: string, { of, selector, port, targetPort }: ServiceOptions): JsonObject {
  const ports = [{ name: 'http', port, targetPort }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: of }, spec: { selector, ports } };
}

function gatewayOf(name: string, server: JsonObject): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: knative },
    spec: { selector, servers: [{ ...server, hosts: ['*'] }] },
  };
}
