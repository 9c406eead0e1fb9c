import { deployment } from '../environments/workload.js';
import { valueAt, writtenParts } from '../environments/workload-checks.js';
import type { Contradiction } from '../release/contradiction.js';
import { isObject, type Json } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import type { Values } from './values.js';
import { placeOf } from './written-place.js';

const podPath = ['spec', 'template', 'spec'];
const lists = ['initContainers', 'containers'] as const;

/**
 * Returns what of the containers of a version's Deployment the API server refuses: none at all, two of one name, or one
 * without an image. Such a one comes of a part whose container is called otherwise than the one that it is meant for;
 * without a name it is called like the version.
 */
export function checkContainers(release: ReleaseModel, version: VersionModel, values: Values): Contradiction[] {
  const parts = writtenParts(release, version);
  if (version.external !== undefined || parts.length === 0) return [];
  const whole = deployment(release, version);
  // A template that is missing is told of the specification.
  if (!isObject(valueAt(whole, ['spec', 'template']))) return [];
  return lists.flatMap((key): Contradiction[] => {
    const path = [...podPath, key];
    const containers = listIn(valueAt(whole, path));
    const fault = containers.length > 0 ? faultOf(containers, version.name) : faultOfNone(key, version.name);
    if (fault === undefined) return [];
    const writer =
      parts.findLast(({ part }) => twinOf(listIn(valueAt(part, path))) !== undefined) ??
      parts.findLast(({ part }) => valueAt(part, path) !== undefined) ??
      parts[0];
    return [{ path: [...(writer === undefined ? [] : placeOf(writer, values)), ...path], ...fault }];
  });
}

type Fault = Omit<Contradiction, 'path'>;

function faultOfNone(key: (typeof lists)[number], version: string): Fault | undefined {
  if (key === 'initContainers') return undefined;
  return { message: `leaves ${version} without containers`, hint: 'Give one at least, with a name and an image.' };
}

function faultOf(containers: readonly Json[], version: string): Fault | undefined {
  const again = twinOf(containers);
  if (again !== undefined)
    return { message: `holds two containers ${again}`, hint: 'Give every container a name of its own.' };
  const bare = containers.find((container) => !isObject(container) || !container.image);
  if (bare === undefined) return undefined;
  const others = containers.filter((container) => container !== bare).map(nameOf);
  const meant = others.length === 0 ? '' : `, or call it as the one that it is meant for: ${others.join(', ')}`;
  const message = `leaves the container ${nameOf(bare)} of ${version} without an image`;
  return { message, hint: `Give it an image${meant}.` };
}

/** Returns the name of two of them. */
function twinOf(containers: readonly Json[]): string | undefined {
  const names = containers.map(nameOf);
  return names.find((name, i) => names.indexOf(name) < i);
}

function nameOf(container: Json): string {
  return isObject(container) && typeof container.name === 'string' ? container.name : 'without a name';
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
