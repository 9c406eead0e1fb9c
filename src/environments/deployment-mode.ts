import type { Contradiction } from '../release/contradiction.js';
import type { JsonObject } from '../release/json.js';
import { type ReleaseModel, versionPlace } from '../release/model.js';
import { DEPLOYMENT_MODE, type InferenceServiceOptions, inferenceService } from './inference-service.js';
import { valueAt } from './workload-checks.js';

/** What runs the versions, and what to do about an annotation that says otherwise. */
type Mode = Pick<InferenceServiceOptions, 'deploymentMode'> & Pick<Contradiction, 'hint'>;

/** Returns the versions whose annotation, wherever it comes from, says another mode than that of their routes. */
export function refuseMode(release: ReleaseModel, { deploymentMode, hint }: Mode): Contradiction[] {
  return release.versions.flatMap((version): Contradiction[] => {
    const whole: JsonObject = inferenceService(release, version, { deploymentMode });
    const mode = valueAt(whole, ['metadata', 'annotations', DEPLOYMENT_MODE]);
    if (mode === deploymentMode) return [];
    const said = JSON.stringify(mode) ?? 'none';
    const message = `has the annotation ${DEPLOYMENT_MODE} with ${said}, but the routes are those of ${deploymentMode}`;
    return [{ path: versionPlace(release, version.name), message, hint }];
  });
}
