import { ConfigError } from '../../errors.js';
import type { Change } from '../../reports/change.js';
import type { Difference, ReleaseDifference } from '../../reports/difference.js';
import { leafChanges } from '../../reports/leaf-changes.js';
import { type ObjectText, objectChanges } from '../../reports/object-changes.js';
import { addedRelease, releaseChanges, removedRelease } from '../../reports/release-changes.js';
import { manifestsOf } from '../../synth/manifests.js';
import { toYaml } from '../../synth/yaml-writer.js';
import type { LoadedValues } from '../../values/load.js';
import type { Project } from '../../values/project.js';
import type { ResolvedRelease } from '../../values/resolve.js';
import type { Side } from './side.js';

/** Returns all that differs between two workspaces; a release that is broken on one side is told as an error alone. */
export function compare(before: Side, after: Side, against: string): Difference {
  const errors = [...before.obstacles, ...after.obstacles];
  if (before.project === undefined || after.project === undefined) {
    return { against, workspace: [], releases: [], errors };
  }
  const [old, now] = [before, after].map(({ entries }) => new Map(entries.map(({ id, loaded }) => [id, loaded])));
  const ids = [...new Set([...before.entries, ...after.entries].map(({ id }) => id))].sort();
  const releases = ids.flatMap((id) => {
    const [from, to] = [old?.get(id), now?.get(id)];
    if (from instanceof ConfigError || to instanceof ConfigError) return [];
    return compareRelease(id, from, to);
  });
  return { against, workspace: projectChanges(before.project, after.project), releases, errors };
}

function compareRelease(
  release: string,
  before: LoadedValues | undefined,
  after: LoadedValues | undefined,
): ReleaseDifference[] {
  // Most releases of a pull request are untouched, and rendering takes the most time.
  if (before?.text === after?.text && before?.identity.namespace === after?.identity.namespace) return [];
  const objects = objectChanges(textsOf(before?.release), textsOf(after?.release));
  if (after === undefined) {
    const changes = before === undefined ? [] : removedRelease(before.release);
    return [{ release, status: 'removed', changes, objects }];
  }
  if (before === undefined) return [{ release, status: 'added', changes: addedRelease(after.release), objects }];
  const changes = releaseChanges(before.release, after.release);
  if (changes.length + objects.length > 0) return [{ release, status: 'changed', changes, objects }];
  return before.text === after.text ? [] : [{ release, status: 'same', changes, objects }];
}

/** What a chart renders is the same, so that `render: helm` makes no difference. */
function textsOf(release: ResolvedRelease | undefined): ObjectText[] {
  if (release === undefined) return [];
  return manifestsOf(release).map((manifest) => {
    const { kind, metadata } = manifest;
    return { name: `${kind} ${metadata.namespace}/${metadata.name}`, yaml: toYaml(manifest) };
  });
}

function projectChanges(before: Project, after: Project): Change[] {
  return (['render', 'releases', 'rendered', 'namespace', 'metrics'] as const).flatMap((key) =>
    leafChanges(before[key], after[key], key).map((text): Change => {
      return { kind: 'workspace', risk: 'medium', text: withoutCredentials(text) };
    }),
  );
}

/** What is printed here ends up in a pull request. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^\s/]+@/g, '//***@');
}
