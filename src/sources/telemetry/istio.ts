import { istioBuckets } from '../istio-buckets.js';
import type { Generation, Telemetry } from './telemetry.js';

/** The labels that tell versions apart. */
export const istioLabels = {
  reporter: 'reporter',
  namespace: 'destination_service_namespace',
  service: 'destination_service_name',
} as const;

/** As in "Istio Standard Metrics" (istio.io, reference/config/metrics). */
export const istioCounters: Generation = {
  requests: 'istio_requests_total',
  failed: 'response_code=~"5.."',
  durations: 'istio_request_duration_milliseconds',
  unit: 'ms',
};

/** How Istio's proxies are made to count finer. */
export const finerIstio = 'have the proxies count finer (sidecar.istio.io/statsHistogramBuckets)';

/**
 * Istio's sidecars and gateways. Versions are told apart by their Service and not by `destination_workload`: of a request
 * that no upstream took (a 503 of the caller's proxy) only the Service is known. Mirrored requests have no series of
 * the caller's side (istio/istio issue 23496), so they are counted where they arrive. Pods are told apart on their own side, by
 * the label that a PodMonitor and the job `kubernetes-pods` of Istio's Prometheus write.
 */
export const istio = {
  id: 'istio',
  labels: Object.values(istioLabels),
  generations: [istioCounters],
  buckets: istioBuckets,
  finer: finerIstio,
  pods: 'pod',
  identify: ({ reporter, namespace, service }) => [[reporter, namespace, service]],
  deployment: { of: ({ workload }) => workload },
} as const satisfies Telemetry;
