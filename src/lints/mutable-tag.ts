import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { isObject, type JsonObject } from '../release/json.js';
import { versionPath } from '../values/version-path.js';
import type { Lint } from './lint.js';

/** Tags that are moved by habit, so that one text in Git stands for many images. */
const movingTags = new Set(
  'latest main master trunk head dev devel develop development edge nightly snapshot unstable stable current next test staging prod production'.split(
    ' ',
  ),
);

/** What of the values is taken over as it is, containers in it. */
const takenOver = {
  Deployment: ['deployment', 'deploymentSpecification'],
  InferenceService: ['inferenceService', 'inferenceServiceSpecification'],
} as const;

/** An image whose tag is moved: what was judged and what runs after a restart may be two programs. */
export const mutableTag: Lint = {
  id: 'mutable-tag',
  severity: 'warning',
  find({ loaded: { values, release } }) {
    const { application } = values;
    const { workloads } = release.environment;
    const entries = application.versions.map((entry, position) => ({ entry, place: versionPath(position) }));
    // A version of models is no image.
    const own = workloads === 'Deployment' ? entries.flatMap(({ entry, place }) => imageOf(entry, place)) : [];
    const parts = [{ entry: application, place: ['application'] }, ...entries].flatMap(({ entry, place }) =>
      takenOver[workloads].map((key) => ({ part: (entry as JsonObject)[key], place: [...place, key] })),
    );
    return [...own, ...parts.flatMap(({ part, place }) => containerImages(part, place))].flatMap(check);
  },
};

interface WrittenImage {
  readonly path: readonly PathSegment[];
  readonly image: string;
}

function imageOf(entry: unknown, place: readonly PathSegment[]): WrittenImage[] {
  if (!isObject(entry) || typeof entry.image !== 'string') return [];
  return [{ path: [...place, 'image'], image: entry.image }];
}

/** A pod lies at different depths in different objects, and its containers are called the same in all. */
function containerImages(part: unknown, place: readonly PathSegment[]): WrittenImage[] {
  if (!isObject(part)) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (!['containers', 'initContainers'].includes(key)) return containerImages(value, [...place, key]);
    const containers = Array.isArray(value) ? value : [];
    return containers.flatMap((container, position) => imageOf(container, [...place, key, position]));
  });
}

function check({ path, image }: WrittenImage): Contradiction[] {
  if (image.includes('@')) return [];
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  if (tag !== undefined && !movingTags.has(tag.toLowerCase())) return [];
  const message = tag === undefined ? `${image} has no tag, which means latest` : `has the tag ${tag}, which is moved`;
  return [{ path, message, hint: 'Name the build, by a tag of its own or by its digest: IMAGE@sha256:…' }];
}
