import { deployment } from '../environments/workload.js';
import { valueAt, writtenParts } from '../environments/workload-checks.js';
import type { Contradiction } from '../release/contradiction.js';
import { isObject, type Json } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import type { Values } from './values.js';
import { placeOf } from './written-place.js';

const containersPath = ['spec', 'template', 'spec', 'containers'];

/**
 * Returns the container of a version's Deployment that has no image: the API server refuses it. Such a one comes of a
 * part whose container is called otherwise than the one that it is meant for; without a name it is called like the version.
 */
export function checkContainers(release: ReleaseModel, version: VersionModel, values: Values): Contradiction[] {
  const parts = writtenParts(release, version);
  if (version.external !== undefined || parts.length === 0) return [];
  const containers = listIn(valueAt(deployment(release, version), containersPath));
  const bare = containers.find((container) => !isObject(container) || !container.image);
  const writer = parts.findLast(({ part }) => valueAt(part, containersPath) !== undefined);
  if (bare === undefined || writer === undefined) return [];
  const others = containers.filter((container) => container !== bare).map(nameOf);
  const meant = others.length === 0 ? '' : `, or call it as the one that it is meant for: ${others.join(', ')}`;
  return [
    {
      path: [...placeOf(writer, values), ...containersPath],
      message: `leaves the container ${nameOf(bare)} of ${version.name} without an image`,
      hint: `Give it an image${meant}.`,
    },
  ];
}

function nameOf(container: Json): string {
  return isObject(container) && typeof container.name === 'string' ? container.name : 'without a name';
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
