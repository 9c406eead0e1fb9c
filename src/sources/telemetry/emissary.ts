import { istioBuckets } from '../istio-buckets.js';
import { clusterCounters, clusterLabel } from './envoy-cluster.js';
import type { Telemetry } from './telemetry.js';

/**
 * Emissary-ingress, by Envoy's clusters: their statistics are named by the `service` of a Mapping, such as
 * `reviews-v1.default:80`, with an underscore for whatever is no letter and no digit (`stats_name` in the release notes of
 * 2.0.1-ea; python/ambassador/ir/ircluster.py of emissary-ingress/emissary).
 */
export const emissary = {
  id: 'emissary',
  labels: ['cluster'],
  generations: [{ ...clusterCounters, origins: { cluster: { label: clusterLabel, suffix: '_[0-9]+' } } }],
  leavesUntimed: true,
  buckets: istioBuckets,
  identify: ({ service, namespace }) => [[`${service}_${namespace}`.replace(/[^0-9A-Za-z_]/g, '_')]],
  deployment: { of: ({ workload }) => workload },
} as const satisfies Telemetry;
