import type { JsonObject } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import { versionMetadata } from './metadata.js';
import { strategicMerge } from './strategic-merge.js';

/** The annotation by which KServe decides what runs an InferenceService. */
export const DEPLOYMENT_MODE = 'serving.kserve.io/deploymentMode';

/** How an InferenceService is run. */
export interface InferenceServiceOptions {
  /** The names that every version of KServe accepts; 0.15 ignores `Standard` and `Knative`. */
  readonly deploymentMode: 'Serverless' | 'RawDeployment' | 'ModelMesh';
  /**
   * Replicas that stay when no request comes.
   *
   * @default 1; none for ModelMesh, whose replicas are those of its runtimes
   */
  readonly minReplicas?: number;
}

/**
 * Returns the InferenceService of a version. A specification stands in place of what is generated, then the overlays
 * are merged over it. The deployment mode is always written, since its default is a setting of the cluster.
 */
export function inferenceService(release: ReleaseModel, version: VersionModel, options: InferenceServiceOptions) {
  const { workloadSpecification, overlays } = version;
  const metadata = versionMetadata(release, version, workloadSpecification);
  const annotations = { [DEPLOYMENT_MODE]: options.deploymentMode, ...metadata.annotations };
  const generated: JsonObject = {
    metadata: { ...metadata, annotations },
    spec: workloadSpecification?.spec ?? { predictor: predictor(version, options) },
  };
  const merged = overlays.reduce((base, overlay) => strategicMerge(base, overlay), generated);
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', ...merged };
}

function predictor({ model }: VersionModel, { deploymentMode, minReplicas = 1 }: InferenceServiceOptions): JsonObject {
  const { format, storageUri, runtime, protocolVersion, ports } = model;
  const own = deploymentMode !== 'ModelMesh';
  return {
    ...(own && { minReplicas }),
    model: {
      ...(format !== undefined && { modelFormat: { name: format } }),
      ...(runtime !== undefined && { runtime }),
      ...(storageUri !== undefined && { storageUri }),
      ...(protocolVersion !== undefined && { protocolVersion }),
      ...(own && ports !== undefined && { ports }),
    },
  };
}
