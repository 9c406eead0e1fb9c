import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Json, JsonObject } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import { strategicMerge } from './strategic-merge.js';

/** Adds the Deployment and the Service of every version, each named like the version. */
export function renderVersions(scope: Construct, release: ReleaseModel): void {
  for (const version of release.versions) {
    if (version.workload === undefined)
      new ApiObject(scope, `deployment-${version.name}`, deployment(release, version));
    new ApiObject(scope, `service-${version.name}`, versionService(release, version));
  }
}

/** Returns the metadata that the objects of a version share. */
function metadataOf(release: ReleaseModel, { name, labels, annotations }: VersionModel) {
  return {
    name,
    namespace: release.namespace,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

function deployment(release: ReleaseModel, version: VersionModel) {
  const selector = { app: version.name };
  const container = { name: version.name, image: version.image ?? null, ports: [{ containerPort: version.port }] };
  const generated: JsonObject = {
    metadata: metadataOf(release, version),
    spec: {
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector }, spec: { containers: [container] } },
    },
  };
  const merged = version.overlays
    .map((overlay) => nameMainContainer(overlay, version.name))
    .reduce((base, overlay) => strategicMerge(base, overlay), generated);
  return { apiVersion: 'apps/v1', kind: 'Deployment', ...merged };
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
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(release, version),
    spec: {
      selector: version.workload?.matchLabels ?? { app: version.name },
      ports: [{ port: version.port }],
    },
  };
}
