import type { Generation, Telemetry } from './telemetry.js';

/** The gRPC codes that stand for HTTP's 5xx, as google/rpc/code.proto maps them. */
const failedCode = 'code=~"UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS"';

const counters = {
  requests: 'modelmesh_api_request_milliseconds_count',
  failed: failedCode,
  durations: 'modelmesh_api_request_milliseconds',
  unit: 'ms',
} as const satisfies Generation;

/**
 * KServe's ModelMesh, where one server answers for all models: told apart by the id that a request names in
 * `mm-vmodel-id`, which is the version's name. Metric.java and Metrics.java of kserve/modelmesh: the label `vModelId`
 * holds it, and in older releases, which have no such label, `modelId` does.
 */
export const modelmesh = {
  id: 'modelmesh',
  labels: ['namespace', 'model'],
  generations: [
    { ...counters, origins: { model: { label: 'vModelId' } } },
    { ...counters, origins: { model: { label: 'modelId' } }, where: ['vModelId=""'] },
  ],
  buckets: [0.5, 1, 2, 5, 10, 20, 50, 75, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000, 300_000],
  identify: ({ namespace, workload }) => [[namespace, workload]],
} as const satisfies Telemetry;
