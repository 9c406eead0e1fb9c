import type { Telemetry } from './telemetry.js';

/** Returns the same counters told apart by pod as well; undefined where whoever counts does not stand beside the pods. */
export function byPod(telemetry: Telemetry): Telemetry | undefined {
  const { pods, labels } = telemetry;
  return pods === undefined ? undefined : { ...telemetry, labels: [...labels, pods] };
}
