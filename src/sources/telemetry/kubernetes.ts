import { failedStatus, openTelemetryBuckets } from './open-telemetry.js';
import type { Telemetry } from './telemetry.js';

/** The letters of names that Kubernetes makes (k8s.io/apimachinery/pkg/util/rand). */
const letters = '[bcdfghjklmnpqrstvwxz2456789]';

/**
 * Plain Kubernetes, where nothing stands between the callers and the pods of a Service: the application counts itself, as
 * OpenTelemetry's "Semantic conventions for HTTP metrics" have it, and the versions are told apart by the names of the
 * pods, which are the Deployment's with the hash of a ReplicaSet and five letters. What no pod took is not seen.
 */
export const kubernetes = {
  id: 'kubernetes',
  labels: ['namespace', 'workload'],
  generations: [
    {
      requests: 'http_server_request_duration_seconds_count',
      failed: failedStatus,
      durations: 'http_server_request_duration_seconds',
      unit: 's',
      origins: { workload: { label: 'pod', suffix: `-${letters}{1,10}-${letters}{5}` } },
    },
  ],
  buckets: openTelemetryBuckets,
  finer: 'have the application count finer (a view of OpenTelemetry)',
  pods: 'pod',
  identify: ({ namespace, workload }) => [[namespace, workload]],
  deployment: { of: ({ workload }) => workload },
} as const satisfies Telemetry;
