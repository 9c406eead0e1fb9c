import { failedStatus, openTelemetryBuckets } from './open-telemetry.js';
import type { Telemetry } from './telemetry.js';

/**
 * Knative's queue-proxy, beside every pod, in two generations: up to 1.18 `revision_app_request_count` and `…_latencies` of
 * OpenCensus ("Service metrics", knative.dev v1.10), since 1.21 `kn.serving.invocation.duration` of OpenTelemetry
 * ("Knative Serving Metrics", knative.dev v1.20 docs; pkg/queue/request_metric.go of knative/serving has its bounds).
 * Both count what the model was asked, probes aside. `http_server_request_duration_seconds` would count twice: the
 * activator exports it as well.
 *
 * 1.19 and 1.20 are left out: their `kn.queueproxy.app.duration` (renamed by pull request 16290 of knative/serving) holds whole
 * seconds (mended by 16358; both in "v1.21 release", knative.dev/blog), so that nearly every request took none.
 */
export const knative = {
  id: 'knative',
  labels: ['namespace_name', 'service_name'],
  generations: [
    {
      requests: 'revision_app_request_count',
      failed: 'response_code_class="5xx"',
      durations: 'revision_app_request_latencies',
      unit: 'ms',
      origins: { pod: { label: 'pod_name' } },
    },
    {
      requests: 'kn_serving_invocation_duration_seconds_count',
      failed: failedStatus,
      durations: 'kn_serving_invocation_duration_seconds',
      unit: 's',
      origins: {
        namespace_name: { label: 'k8s_namespace_name' },
        service_name: { label: 'kn_service_name' },
        pod: { label: 'k8s_pod_name' },
      },
    },
  ],
  buckets: openTelemetryBuckets,
  pods: 'pod',
  identify: ({ namespace, service }) => [[namespace, service]],
  // Every revision has one, called like reviews-predictor-00001-deployment.
  deployment: { of: ({ service }) => service, suffix: '-[0-9]{5}-deployment' },
} as const satisfies Telemetry;
