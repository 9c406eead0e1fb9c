/**
 * The bounds in milliseconds by which proxies count the durations of requests, unless a pod's annotation
 * `sidecar.istio.io/statsHistogramBuckets` names others: Istio sets none of its own, so they are Envoy's.
 */
export const istioBuckets: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];
