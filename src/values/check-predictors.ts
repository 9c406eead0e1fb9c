import { inferenceService } from '../environments/inference-service.js';
import { valueAt } from '../environments/workload-checks.js';
import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { isObject, type JsonObject } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import type { Values } from './values.js';
import { versionPath } from './version-path.js';

const predictorPath = ['spec', 'predictor'];

/** Returns the version whose InferenceService has no predictor: its definition asks for one. */
export function checkPredictor(release: ReleaseModel, version: VersionModel, values: Values): Contradiction[] {
  const { deploymentMode } = release;
  const whole: JsonObject = inferenceService(release, version, { deploymentMode });
  if (version.external !== undefined || isObject(valueAt(whole, predictorPath))) return [];
  const message = `leaves ${version.name} without a predictor, which every InferenceService has`;
  const path = placeOf(values, release.versions.indexOf(version));
  return [{ path, message, hint: 'Give spec.predictor with a model, or leave it as it is generated.' }];
}

/** Where it was taken away, or was not given. */
function placeOf({ application }: Values, position: number): PathSegment[] {
  const key = 'inferenceService';
  const own = application.versions[position]?.[key]?.spec;
  if (own?.predictor === null) return [...versionPath(position, key), ...predictorPath];
  if (application[key]?.spec?.predictor === null) return ['application', key, ...predictorPath];
  return versionPath(position, 'inferenceServiceSpecification', 'spec');
}
