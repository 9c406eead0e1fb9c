import { oncePerPlace, valueAt, writtenParts } from '../environments/workload-checks.js';
import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { type ReleaseModel, type VersionModel, versionPlace } from '../release/model.js';
import type { Lint } from './lint.js';

/** Tags that are moved by habit, so that one text in Git stands for many images. */
const movingTags = new Set(
  'latest main master trunk head dev devel develop development edge nightly snapshot unstable stable current next test staging prod production'.split(
    ' ',
  ),
);

/** An image whose tag is moved: what was judged and what runs after a restart may be two programs. */
export const mutableTag: Lint = {
  id: 'mutable-tag',
  severity: 'warning',
  find({ loaded: { release } }) {
    const { model, environment } = release;
    if (environment.workloads !== 'Deployment') return [];
    return oncePerPlace(model.versions.flatMap((version) => imagesOf(model, version).flatMap(check)));
  },
};

interface WrittenImage {
  readonly path: readonly PathSegment[];
  readonly image: string;
}

function imagesOf(model: ReleaseModel, version: VersionModel): WrittenImage[] {
  const { name, image } = version;
  const own = image === undefined ? [] : [{ path: versionPlace(model, name, 'image'), image }];
  return [...own, ...writtenParts(model, version).flatMap(({ place, part }) => containerImages(place, part))];
}

function containerImages(place: readonly PathSegment[], part: Parameters<typeof valueAt>[0]): WrittenImage[] {
  return ['containers', 'initContainers'].flatMap((key) => {
    const containers = valueAt(part, ['spec', 'template', 'spec', key]);
    return (Array.isArray(containers) ? containers : []).flatMap((container, position) => {
      const image = valueAt(container, ['image']);
      const path = [...place, 'spec', 'template', 'spec', key, position, 'image'];
      return typeof image === 'string' ? [{ path, image }] : [];
    });
  });
}

function check({ path, image }: WrittenImage): Contradiction[] {
  if (image.includes('@')) return [];
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  if (tag !== undefined && !movingTags.has(tag.toLowerCase())) return [];
  const message = tag === undefined ? `${image} has no tag, which means latest` : `has the tag ${tag}, which is moved`;
  return [{ path, message, hint: 'Name the build, by a tag of its own or by its digest: IMAGE@sha256:…' }];
}
