import { loopback } from './free-ports.js';

/** What an Envoy is to the mesh. */
export interface EnvoyIdentity {
  /** A gateway serves what its Gateways say; a sidecar sends out what the one workload beside it asks for. */
  readonly role: 'gateway' | 'sidecar';
  readonly name: string;
  readonly namespace: string;
  /** Those of its pod: Gateways and Services choose it by them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What it answers on; of several Envoys each has its own. @default 127.0.0.1 */
  readonly address?: string;
}

interface Ports {
  readonly admin: number;
  readonly xds: number;
}

const overHttp2 = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** Returns what an Envoy has to know before istiod tells it the rest. JSON is YAML. */
export function envoyBootstrap(identity: EnvoyIdentity, { admin, xds }: Ports): string {
  const source = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };
  const grpc = [{ envoy_grpc: { cluster_name: 'istiod' } }];
  return JSON.stringify({
    node: nodeOf(identity),
    admin: { address: socket(admin) },
    dynamic_resources: {
      ads_config: { api_type: 'DELTA_GRPC', transport_api_version: 'V3', grpc_services: grpc },
      lds_config: source,
      cds_config: source,
    },
    static_resources: { clusters: [istiod(xds)] },
    // The name of a cluster, which istiod ends with a semicolon, is a label of its counters; Envoy's own label ends at the
    // first dot, before the namespace.
    stats_config: { stats_tags: [{ tag_name: 'cluster_name', regex: '^cluster\\.((.+?);\\.)' }] },
  });
}

function nodeOf({ role, name, namespace, labels, address = loopback }: EnvoyIdentity): object {
  const kind = role === 'gateway' ? 'router' : 'sidecar';
  const domain = `${namespace}.svc.cluster.local`;
  // NONE: nothing redirects what a workload sends, so each port of a Service is a port of the sidecar.
  const sidecarOnly = role === 'sidecar' ? { INTERCEPTION_MODE: 'NONE' } : {};
  return {
    id: `${kind}~${address}~${name}.${namespace}~${domain}`,
    cluster: `${name}.${namespace}`,
    metadata: {
      NAMESPACE: namespace,
      CLUSTER_ID: 'Kubernetes',
      ISTIO_VERSION: '1.31.0',
      LABELS: labels,
      UNPRIVILEGED_POD: 'false',
      ...sidecarOnly,
    },
  };
}

function istiod(port: number): object {
  const options = {
    '@type': `type.googleapis.com/${overHttp2}`,
    explicit_http_config: { http2_protocol_options: {} },
  };
  return {
    name: 'istiod',
    type: 'STATIC',
    connect_timeout: '1s',
    typed_extension_protocol_options: { [overHttp2]: options },
    load_assignment: {
      cluster_name: 'istiod',
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(port) } }] }],
    },
  };
}

function socket(port: number): object {
  return { socket_address: { address: loopback, port_value: port } };
}
