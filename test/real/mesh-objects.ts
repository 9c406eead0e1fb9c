import type { JsonObject } from '../../src/release/json.js';
import { loopback } from './free-ports.js';

/** Where a gateway stands in a cluster, and the port on which its Envoy answers. */
export interface GatewayPlace {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/** The labels by which an Istio Gateway of `istioGateway` finds its Envoy. */
export function istioGatewayLabels({ name }: GatewayPlace): { readonly istio: string } {
  return { istio: name };
}

/** An Istio Gateway for every host. */
export function istioGateway(place: GatewayPlace): JsonObject {
  const port = { number: place.port, name: 'http', protocol: 'HTTP' };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: place.name, namespace: place.namespace },
    spec: { selector: istioGatewayLabels(place), servers: [{ port, bind: loopback, hosts: ['*'] }] },
  };
}

/** The labels by which Istio finds the Envoy of `apiGateway`. */
export function apiGatewayLabels({ name }: GatewayPlace): Readonly<Record<string, string>> {
  return { 'gateway.networking.k8s.io/gateway-name': name };
}

/** A Gateway of the Gateway API for every namespace, with the Service that Istio would make for it. */
export function apiGateway(place: GatewayPlace): JsonObject[] {
  const { name, namespace, port } = place;
  const listener = { name: 'http', protocol: 'HTTP', port, allowedRoutes: { namespaces: { from: 'All' } } };
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace },
      spec: { gatewayClassName: 'istio', listeners: [listener] },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `${name}-istio`, namespace },
      spec: { selector: apiGatewayLabels(place), ports: [{ name: 'http', port }] },
    },
  ];
}

/** Binds the Envoy of `apiGateway` to 127.0.0.1: the Gateway cannot say so itself, and would answer the whole network. */
export function onLoopback(place: GatewayPlace): JsonObject {
  const { name, namespace, port } = place;
  const value = { address: { socket_address: { address: loopback, port_value: port } } };
  const match = { context: 'GATEWAY', listener: { portNumber: port } };
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: `${name}-on-loopback`, namespace },
    spec: {
      workloadSelector: { labels: apiGatewayLabels(place) },
      configPatches: [{ applyTo: 'LISTENER', match, patch: { operation: 'MERGE', value } }],
    },
  };
}

/** A workload outside the cluster that Services with these labels find; 127.x addresses are none for a pod. */
export function workloadEntry(
  name: string,
  { namespace, address, labels }: { readonly namespace: string; readonly address: string; readonly labels: JsonObject },
): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name, namespace },
    spec: { address, labels },
  };
}

export function namespaceNamed(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
