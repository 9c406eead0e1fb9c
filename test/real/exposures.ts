import type { Subject } from '../../src/release/evaluation.js';
import type { PodCounts } from './exposed-pod.js';

/** The version that a pod runs, and which of its pods it is. */
export interface PodName {
  readonly version: string;
  readonly pod: 'a' | 'b';
}

type Labels = Readonly<Record<string, string>>;

/** Milliseconds that every request takes. */
export const took = 20;

const envoyBounds = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000];
const secondBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

function line(name: string, labels: Labels, value: number): string {
  const written = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${written.join(',')}} ${value}`;
}

interface HistogramShape {
  readonly bounds: readonly number[];
  /** How long every request took, in the unit of the bounds. */
  readonly each: number;
}

function histogram(name: string, labels: Labels, count: number, { bounds, each }: HistogramShape): string[] {
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound) => {
    const le = Number.isFinite(bound) ? `${bound}` : '+Inf';
    return line(`${name}_bucket`, { ...labels, le }, each <= bound ? count : 0);
  });
  return [...buckets, line(`${name}_sum`, labels, count * each), line(`${name}_count`, labels, count)];
}

const inMilliseconds = { bounds: envoyBounds, each: took };
const inSeconds = { bounds: secondBounds, each: took / 1000 };

/** Returns the lines of both kinds of answer. */
function both({ requests, errors }: PodCounts, lines: (count: number, failed: boolean) => readonly string[]): string[] {
  return [...lines(requests - errors, false), ...lines(errors, true)];
}

function istioLines(reporter: string, namespace: string, { version }: PodName, counts: PodCounts): string[] {
  return both(counts, (count, failed) => {
    const labels = {
      reporter,
      destination_service_namespace: namespace,
      destination_service_name: version,
      destination_workload: failed ? 'unknown' : version,
      response_code: failed ? '503' : '200',
    };
    return [
      line('istio_requests_total', labels, count),
      ...histogram('istio_request_duration_milliseconds', labels, count, inMilliseconds),
    ];
  });
}

/** Pod a is of the generation of OpenCensus, any other of OpenTelemetry's. */
function knativeLines({ version, pod }: PodName, counts: PodCounts): string[] {
  const service = `${version}-predictor`;
  const revision = `${service}-00001`;
  return both(counts, (count, failed) => {
    const code = failed ? '502' : '200';
    if (pod === 'b') {
      const names = { k8s_namespace_name: 'default', kn_service_name: service, kn_revision_name: revision };
      const labels = { ...names, http_response_status_code: code };
      return histogram('kn_serving_invocation_duration_seconds', labels, count, inSeconds);
    }
    const names = { namespace_name: 'default', service_name: service, revision_name: revision };
    const labels = { ...names, response_code: code, response_code_class: `${code.slice(0, 1)}xx` };
    const bounds = [5, 10, 20, 40, 60, 80, 100, 150, 200, 250, 500, 1000];
    return [
      line('revision_app_request_count', labels, count),
      ...histogram('revision_app_request_latencies', labels, count, { bounds, each: took }),
    ];
  });
}

/** Pod a tells the id of the request apart from that of the model; an older one, as b, has one label for both. */
function modelmeshLines({ version, pod }: PodName, counts: PodCounts): string[] {
  const ids: Labels =
    pod === 'a' ? { modelId: `${version}__isvc-6b2eb0b8bf`, vModelId: version } : { modelId: version };
  return both(counts, (count, failed) => {
    const code = failed ? 'INTERNAL' : 'OK';
    const labels = { namespace: 'default', method: 'inference.GRPCInferenceService/ModelInfer', code, ...ids };
    return histogram('modelmesh_api_request_milliseconds', labels, count, inMilliseconds);
  });
}

function clusterLines(cluster: string, counts: PodCounts): string[] {
  const name = { envoy_cluster_name: cluster };
  return [
    ...both(counts, (count, failed) => [
      line('envoy_cluster_upstream_rq_xx', { envoy_response_code_class: failed ? '5' : '2', ...name }, count),
    ]),
    ...histogram('envoy_cluster_upstream_rq_time', name, counts.requests, inMilliseconds),
  ];
}

function applicationLines({ version, pod }: PodName, counts: PodCounts): string[] {
  const names = { namespace: 'default', pod: `${version}-7d9f8c5b6d-${pod === 'a' ? 'x2x4z' : 'bcdfg'}` };
  return both(counts, (count, failed) => {
    const labels = { ...names, http_response_status_code: failed ? '500' : '200', http_request_method: 'GET' };
    return histogram('http_server_request_duration_seconds', labels, count, inSeconds);
  });
}

function replicaLines({ version }: PodName): string[] {
  const replicas = (deployment: string, count: number) =>
    line('kube_deployment_status_replicas_available', { namespace: 'default', deployment }, count);
  return [
    replicas(version, 2),
    replicas(`${version}-predictor-00001-deployment`, 1),
    replicas(`${version}-predictor-00002-deployment`, 3),
  ];
}

/** Returns what stands around a pod of reviews-v1 (the first in its route) or of reviews-v2 as each of them counts it. */
export function exposuresOf(name: PodName, counts: PodCounts): string[] {
  const backend = name.version === 'reviews-v1' ? 0 : 1;
  return [
    ...istioLines('source', 'default', name, counts),
    ...istioLines('waypoint', 'ambient', name, counts),
    ...knativeLines(name, counts),
    ...modelmeshLines(name, counts),
    ...clusterLines(`httproute/default/reviews/rule/0/backend/${backend}`, counts),
    ...clusterLines(`${name.version.replace('-', '_')}_default_80`, counts),
    ...applicationLines(name, counts),
    // Every pod tells the same: there may be several copies of kube-state-metrics.
    ...replicaLines(name),
  ];
}

/** Returns how the Envoys count a version that no pod answers for. */
export function deadExposures({ requests }: PodCounts): string[] {
  return ['httproute/default/reviews/rule/0/backend/2', 'reviews_v3_default_80'].map((cluster) =>
    line('envoy_cluster_upstream_rq_xx', { envoy_response_code_class: '5', envoy_cluster_name: cluster }, requests),
  );
}

/** The subjects of one version as each telemetry knows it, by the telemetry's id. */
export function subjectsBy(version: 'reviews-v1' | 'reviews-v2' | 'reviews-v3'): Readonly<Record<string, Subject>> {
  const subject = {
    release: 'reviews',
    version,
    environment: 'istio',
    namespace: 'default',
    service: version,
    workload: version,
    reporter: 'source',
  } as const satisfies Subject;
  const backend = Number(version.slice(-1)) - 1;
  return {
    istio: subject,
    'istio-waypoint': { ...subject, environment: 'gateway-api', namespace: 'ambient' },
    knative: { ...subject, environment: 'kserve', service: `${version}-predictor` },
    modelmesh: { ...subject, environment: 'modelmesh' },
    'envoy-gateway': {
      ...subject,
      environment: 'kserve-0.10',
      backends: [`default/reviews/rule/0/backend/${backend}`],
    },
    emissary: { ...subject, environment: 'emissary' },
    kubernetes: { ...subject, environment: 'kubernetes' },
  };
}
