import { istioBuckets } from '../istio-buckets.js';
import { clusterCounters, clusterLabel } from './envoy-cluster.js';
import type { Telemetry } from './telemetry.js';

/** What Envoy Gateway calls the two kinds of route. */
const kinds = ['httproute', 'grpcroute'];

/**
 * Envoy Gateway, by the clusters that it makes of a route: `httproute/NAMESPACE/NAME/rule/0/backend/1`
 * (internal/gatewayapi/helpers.go of envoyproxy/gateway). A backend has a cluster of its own as long as it has filters
 * (envoyproxy/gateway issues 7008 and 7017), which `versionHeader` gives every one; `clusterStatName` must not be set.
 */
export const envoyGateway = {
  id: 'envoy-gateway',
  labels: [clusterLabel],
  generations: [clusterCounters],
  leavesUntimed: true,
  buckets: istioBuckets,
  identify({ backends = [] }) {
    if (backends.length === 0) return { missing: 'no rule of a route that leads to it', idle: true };
    return backends.flatMap((backend) => kinds.map((kind) => [`${kind}/${backend}`]));
  },
  deployment: { of: ({ workload }) => workload },
} as const satisfies Telemetry;
