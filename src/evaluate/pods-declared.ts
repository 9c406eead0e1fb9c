import type { JsonObject } from '../release/json.js';
import type { ReleaseModel } from '../release/model.js';

/** Returns how many pods a version has by its values, at least; undefined where they do not say so, as where shares divide them. */
export function podsDeclared({ versions }: ReleaseModel, name: string): number | undefined {
  const version = versions.find((each) => each.name === name);
  if (version === undefined) return undefined;
  const { autoscaler, overlays } = version;
  const declared = autoscaler?.minReplicas ?? replicasIn(overlays);
  return declared === undefined || declared < 1 ? undefined : declared;
}

/** Later ones win. */
function replicasIn(overlays: readonly JsonObject[]): number | undefined {
  const all = overlays.flatMap(({ spec }) => {
    const replicas = typeof spec === 'object' && spec !== null && 'replicas' in spec ? spec.replicas : undefined;
    return typeof replicas === 'number' ? [replicas] : [];
  });
  return all.at(-1);
}
