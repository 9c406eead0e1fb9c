import type { JsonObject } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import { type InferenceServiceOptions, inferenceService } from './inference-service.js';

/** What KServe calls the predictor of an InferenceService; it changed with 0.11. */
export interface PredictorNaming {
  /** Such as `-predictor`, behind the name of the InferenceService. */
  readonly predictorSuffix: string;
}

/** Returns the name of the Service of a version's predictor. */
export function predictorName({ name }: VersionModel, { predictorSuffix }: PredictorNaming): string {
  return `${name}${predictorSuffix}`;
}

/** Returns the Host by which Knative knows a version's predictor. */
export function predictorHost(version: VersionModel, naming: PredictorNaming): string {
  return `${predictorName(version, naming)}.${version.address.namespace}.svc.cluster.local`;
}

/**
 * The path of a prediction, by the protocol of the model. gRPC has none to rewrite to: its clients call
 * /inference.GRPCInferenceService/ModelInfer (v2) or /tensorflow.serving.PredictionService/Predict (v1) themselves and
 * name the model in the message; a rewrite would only be put in front of that.
 */
const paths: Readonly<Record<string, (model: string) => string | undefined>> = {
  v1: (model) => `/v1/models/${model}:predict`,
  v2: (model) => `/v2/models/${model}/infer`,
  'grpc-v1': () => undefined,
  'grpc-v2': () => undefined,
};

/** The protocols whose paths are known. */
export const protocolVersions = Object.keys(paths);

/** Returns the path of a version's predictions; undefined where the client's own is kept, as for gRPC. */
export function predictionPath(release: ReleaseModel, version: VersionModel): string | undefined {
  return paths[protocolVersionOf(release, version)]?.(version.name);
}

/** Returns the protocol of a version: what its InferenceService says wins, and without a word it is `v2`, as in Iter8. */
export function protocolVersionOf(release: ReleaseModel, version: VersionModel): string {
  const { protocolVersion } = modelOf(release, version);
  return typeof protocolVersion === 'string' ? protocolVersion : (version.model.protocolVersion ?? 'v2');
}

/** `spec.predictor.model` of the rendered InferenceService, empty where it has none. */
function modelOf(release: ReleaseModel, version: VersionModel): JsonObject {
  return objectAt(objectAt(objectAt(rendered(release, version), 'spec'), 'predictor'), 'model');
}

function rendered(release: ReleaseModel, version: VersionModel): JsonObject {
  const options: InferenceServiceOptions = { deploymentMode: release.deploymentMode };
  return inferenceService(release, version, options);
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
