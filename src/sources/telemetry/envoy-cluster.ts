import type { Generation } from './telemetry.js';

/** The label that says which cluster of Envoy a request went to. */
export const clusterLabel = 'envoy_cluster_name';

/**
 * What Envoy counts per cluster ("Cluster manager statistics", envoyproxy.io): every answer by the class of its status,
 * those that it gives itself for want of an upstream included, and the durations of those that came from one. So
 * `upstream_rq_total` will not do: it leaves out what no upstream took.
 */
export const clusterCounters: Generation = {
  requests: 'envoy_cluster_upstream_rq_xx',
  failed: 'envoy_response_code_class="5"',
  durations: 'envoy_cluster_upstream_rq_time',
  unit: 'ms',
};
