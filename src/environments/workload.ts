import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Json, JsonObject } from '../release/json.js';
import { deploymentName, type ReleaseModel, type VersionModel } from '../release/model.js';
import { templateLabels } from './labels.js';
import { versionMetadata } from './metadata.js';
import { strategicMerge } from './strategic-merge.js';

/**
 * Adds the Deployment and the Service of every version, and its autoscaler and disruption budget where it has them.
 * What is external, or a workload of the user's, is left as it is. Their ids are below `versions`, so that no version's
 * name is the id of what else is rendered.
 */
export function renderVersions(parent: Construct, release: ReleaseModel): void {
  const scope = new Construct(parent, 'versions');
  for (const version of release.versions) {
    if (version.external !== undefined) continue;
    if (version.workload === undefined)
      new ApiObject(scope, `deployment-${version.name}`, deployment(release, version));
    new ApiObject(scope, `service-${version.name}`, versionService(release, version));
    renderScaling(scope, release, version);
  }
}

/** Returns the Deployment of a version. */
export function deployment(release: ReleaseModel, version: VersionModel) {
  const { workloadSpecification } = version;
  const metadata = versionMetadata(release, version, workloadSpecification);
  const generated: JsonObject = { metadata, spec: workloadSpecification?.spec ?? generatedSpec(release, version) };
  const merged = version.overlays
    .map((overlay) => nameMainContainer(overlay, version.instance))
    .reduce((base, overlay) => strategicMerge(base, overlay), generated);
  return { apiVersion: 'apps/v1', kind: 'Deployment', ...merged };
}

function generatedSpec(release: ReleaseModel, version: VersionModel): JsonObject {
  const { instance, image, port, pods } = version;
  return {
    selector: { matchLabels: { app: instance } },
    template: {
      metadata: { labels: templateLabels(release, version) },
      spec: {
        containers: [{ name: instance, image: image ?? null, ports: [{ containerPort: port, protocol: 'TCP' }] }],
      },
    },
    ...(pods !== undefined && { replicas: pods }),
  };
}

/** An overlay's container without a name means the version's own, whose name differs from version to version. */
function nameMainContainer(overlay: JsonObject, name: string): JsonObject {
  return mapAt(overlay, ['spec', 'template', 'spec', 'containers'], (containers) =>
    Array.isArray(containers)
      ? containers.map((container: Json) =>
          typeof container === 'object' && container !== null && !('name' in container)
            ? { name, ...container }
            : container,
        )
      : containers,
  );
}

function mapAt(object: JsonObject, [key, ...rest]: readonly string[], change: (value: Json) => Json): JsonObject {
  if (key === undefined) return object;
  const value = object[key];
  if (value === undefined || value === null) return object;
  if (rest.length === 0) return { ...object, [key]: change(value) };
  return typeof value === 'object' && !Array.isArray(value)
    ? { ...object, [key]: mapAt(value as JsonObject, rest, change) }
    : object;
}

function versionService(release: ReleaseModel, version: VersionModel) {
  const { serviceSpecification, workload, instance, appProtocol, address } = version;
  const { port } = address;
  // What the API server would fill in is written out.
  const written = { port, targetPort: port, protocol: 'TCP', ...(appProtocol !== undefined && { appProtocol }) };
  const selector = workload?.matchLabels ?? { app: instance };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: versionMetadata(release, version, serviceSpecification),
    spec: serviceSpecification?.spec ?? { type: 'ClusterIP', selector, ports: [written], sessionAffinity: 'None' },
  };
}

function renderScaling(scope: Construct, release: ReleaseModel, version: VersionModel): void {
  const { autoscaler, disruptionBudget, name } = version;
  const metadata = versionMetadata(release, version);
  if (autoscaler !== undefined) {
    const { minReplicas, maxReplicas, metrics, behavior } = autoscaler;
    new ApiObject(scope, `autoscaler-${name}`, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deploymentName(version) },
        minReplicas,
        maxReplicas,
        metrics,
        ...(behavior !== undefined && { behavior }),
      },
    });
  }
  if (disruptionBudget !== undefined) {
    new ApiObject(scope, `disruption-budget-${name}`, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { ...disruptionBudget, selector: { matchLabels: version.podLabels } },
    });
  }
}
