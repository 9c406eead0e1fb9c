import { oncePerPlace } from '../environments/workload-checks.js';
import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';
import { versionPath } from './version-path.js';

/** What the API server takes of the annotations of one object, keys and values together. */
const MAX_BYTES = 262_144;

/** Returns the annotations that bring an object above what the API server takes. */
export function checkAnnotations(values: Values, { model, environment }: ResolvedRelease): Contradiction[] {
  const deployed = environment.workloads === 'Deployment';
  return oncePerPlace(
    model.versions.flatMap(({ name }, position) =>
      objectsOf(values, position, deployed).flatMap((parts) => checkSize(parts, name)),
    ),
  );
}

interface Part {
  readonly path: readonly PathSegment[];
  readonly annotations: { readonly [key: string]: string } | undefined;
}

/** Whatever annotates the workload of a version, and whatever its Service. */
function objectsOf({ application }: Values, position: number, deployed: boolean): Part[][] {
  const version = application.versions[position];
  const part = (key: keyof NonNullable<typeof version>): Part => ({
    path: versionPath(position, key),
    annotations: (version?.[key] as Annotated | undefined)?.metadata?.annotations,
  });
  const own = { path: versionPath(position), annotations: version?.metadata?.annotations };
  const shared = [{ path: ['application'], annotations: application.metadata?.annotations }, own];
  const overlay = deployed ? 'deployment' : 'inferenceService';
  const merged = { path: ['application', overlay], annotations: application[overlay]?.metadata?.annotations };
  const workload = part(deployed ? 'deploymentSpecification' : 'inferenceServiceSpecification');
  return [
    [...shared, workload, merged, part(overlay)],
    [...shared, ...(deployed ? [part('serviceSpecification')] : [])],
  ];
}

interface Annotated {
  readonly metadata?: { readonly annotations?: Part['annotations'] };
}

/** The part with the most of them is to blame. */
function checkSize(parts: readonly Part[], version: string): Contradiction[] {
  const bytes = bytesOf(Object.assign({}, ...parts.map(({ annotations }) => annotations)));
  const [largest] = [...parts].sort((a, b) => bytesOf(b.annotations) - bytesOf(a.annotations));
  if (bytes <= MAX_BYTES || largest === undefined) return [];
  return [
    {
      path: [...largest.path, 'metadata', 'annotations'],
      message: `bring an object of ${version} to ${bytes} bytes of annotations, and Kubernetes takes ${MAX_BYTES}`,
      hint: 'Put long texts into a ConfigMap.',
    },
  ];
}

function bytesOf(annotations: Part['annotations'] = {}): number {
  return Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}
