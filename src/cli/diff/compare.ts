import { ConfigError } from '../../errors.js';
import type { Manifest } from '../../release/model.js';
import { byRisk, type Change } from '../../reports/change.js';
import type { Difference, ReleaseDifference } from '../../reports/difference.js';
import { leafChanges } from '../../reports/leaf-changes.js';
import { type ObjectText, objectChanges } from '../../reports/object-changes.js';
import { addedRelease, releaseChanges, removedRelease } from '../../reports/release-changes.js';
import { manifestsOf } from '../../synth/manifests.js';
import { toYaml } from '../../synth/yaml-writer.js';
import type { Project } from '../../values/project.js';
import type { ResolvedRelease } from '../../values/resolve.js';
import { isSameWords } from '../same-words.js';
import { type ReleasePair, releasePairs } from './release-pairs.js';
import type { Side } from './side.js';

/** Returns all that differs between two workspaces; a release that is broken on one side is told as an error alone. */
export function compare(before: Side, after: Side, against: string): Difference {
  const errors = [...before.obstacles, ...after.obstacles];
  if (before.project === undefined || after.project === undefined) {
    return { against, workspace: [], releases: [], errors };
  }
  const releases = releasePairs(before.entries, after.entries).flatMap(compareRelease);
  return { against, workspace: projectChanges(before.project, after.project), releases, errors };
}

function compareRelease({ before: from, after: to, id: release }: ReleasePair): ReleaseDifference[] {
  const [before, after] = [from?.loaded, to?.loaded];
  if (before instanceof ConfigError || after instanceof ConfigError) return [];
  const moved = from !== undefined && from.id !== release ? [folderChange(from.id, release)] : [];
  // Most releases of a pull request are untouched, and rendering takes the most time.
  const isAsItWas = before !== undefined && after !== undefined && isSameWords(after, before);
  if (isAsItWas && moved.length === 0) return [];
  const objects = objectChanges(textsOf(before?.release), textsOf(after?.release));
  if (after === undefined) {
    const changes = before === undefined ? [] : removedRelease(before.release);
    return [{ release, status: 'removed', changes, objects }];
  }
  if (before === undefined) return [{ release, status: 'added', changes: addedRelease(after.release), objects }];
  const changes = byRisk([...releaseChanges(before.release, after.release), ...moved]);
  if (changes.length + objects.length > 0) return [{ release, status: 'changed', changes, objects }];
  return before.text === after.text ? [] : [{ release, status: 'same', changes, objects }];
}

function folderChange(from: string, to: string): Change {
  return { kind: 'release', risk: 'medium', text: `moved from the folder ${from} to ${to}` };
}

/** What a chart renders is the same, so that `render: helm` makes no difference. */
function textsOf(release: ResolvedRelease | undefined): ObjectText[] {
  return release === undefined ? [] : objectTexts(manifestsOf(release));
}

/** Returns objects as they are compared. */
export function objectTexts(manifests: readonly Manifest[]): ObjectText[] {
  return manifests.map((manifest) => {
    const { kind, metadata } = manifest;
    return { name: `${kind} ${metadata.namespace}/${metadata.name}`, yaml: toYaml(manifest) };
  });
}

function projectChanges(before: Project, after: Project): Change[] {
  return (['render', 'releases', 'rendered', 'namespace', 'metrics', 'freeze'] as const).flatMap((key) =>
    leafChanges(before[key], after[key], key).map((text): Change => {
      return { kind: 'workspace', risk: 'medium', text: withoutCredentials(text) };
    }),
  );
}

/** What is printed here ends up in a pull request. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^\s/]+@/g, '//***@');
}
