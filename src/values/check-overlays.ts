import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';

/** A partial Deployment, where it stands, and the versions that it is merged over. */
interface Overlay {
  readonly path: readonly PathSegment[];
  readonly overlay: unknown;
  readonly versions: readonly string[];
}

/** Returns what in the partial Deployments cannot be merged or would break the release. */
export function checkOverlays(values: Values, release: ResolvedRelease): Contradiction[] {
  return overlaysOf(values, release).flatMap((overlay) => [
    ...checkLabels(overlay),
    ...checkLeaves(overlay.overlay, overlay.path),
  ]);
}

function overlaysOf({ application }: Values, { model }: ResolvedRelease): Overlay[] {
  const generated = model.versions.filter(({ workload }) => workload === undefined).map(({ name }) => name);
  const own = application.versions.map(({ deployment }, position) => ({
    path: ['application', 'versions', position, 'deployment'],
    overlay: deployment,
    versions: generated.filter((name) => name === model.versions[position]?.name),
  }));
  return [{ path: ['application', 'deployment'], overlay: application.deployment, versions: generated }, ...own];
}

const appLabels = [
  ['spec', 'selector', 'matchLabels', 'app'],
  ['spec', 'template', 'metadata', 'labels', 'app'],
];

/** The Service of a version finds its pods by the label `app`, which no overlay may change or take away. */
function checkLabels({ path, overlay, versions }: Overlay): Contradiction[] {
  return appLabels.flatMap((label): Contradiction[] => {
    const end = endOf(overlay, label);
    const cut = versions.find((name) => end.value !== undefined && end.value !== name);
    if (cut === undefined) return [];
    const message = `is ${JSON.stringify(end.value)}, but the Service of ${cut} finds its pods by app: ${cut}`;
    const hint = 'Leave spec.selector and the label app of spec.template as they are generated; other labels are free.';
    return [{ path: [...path, ...label.slice(0, end.depth)], message, hint }];
  });
}

/** Walks down a path as far as there are maps on it. */
function endOf(root: unknown, path: readonly string[]): { readonly value: unknown; readonly depth: number } {
  let value = root;
  for (const [depth, key] of path.entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value, depth };
    value = (value as Record<string, unknown>)[key];
  }
  return { value, depth: path.length };
}

/** Whatever is no JSON has no place in a manifest, and a patch directive would be taken for a field. */
function checkLeaves(value: unknown, path: readonly PathSegment[]): Contradiction[] {
  if (value instanceof Date) return [{ path, message: 'is a date', hint: 'Put it in quotes to make it a string.' }];
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return [{ path, message: `is ${value}, which is no number of JSON`, hint: 'Give a finite number or a string.' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, position) => checkLeaves(item, [...path, position]));
  return Object.entries(value).flatMap(([key, child]) => {
    const at = [...path, key];
    if (!key.startsWith('$')) return checkLeaves(child, at);
    const message = 'is a directive of patches, which is not carried out here';
    return [
      {
        path: at,
        message,
        hint: 'Set a field to null to remove it; a list without a merge key is replaced as a whole.',
      },
    ];
  });
}
