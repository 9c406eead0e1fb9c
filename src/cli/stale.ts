import { ConfigError } from '../errors.js';
import type { CommitPlan } from '../gitops/plan.js';
import type { FileChange } from '../release/file-change.js';
import { inventoryOf, listedIn, planRendered } from '../synth/rendered.js';
import { folderAt } from './folder-at.js';
import type { ReleaseEntry, Workspace } from './workspace.js';

/** What a commit of stale manifests is for. */
export interface StaleRelease {
  /** The release, or the folder of the manifests where only its inventory is stale. */
  readonly id: string;
  readonly summary: string;
  /**
   * Returns the commit as the folder stands when it is asked: the inventory changes with each, so that it never
   * forgets a file whose own commit failed.
   */
  plan(): CommitPlan;
}

/**
 * Returns what in the folder of the manifests is not as the values have it, a commit for every release, so that each
 * can be reverted alone.
 *
 * @param isMeant whether a release is to be looked at
 */
export function staleReleases(
  { root, project }: Workspace,
  entries: readonly ReleaseEntry[],
  isMeant: (id: string) => boolean,
): StaleRelease[] {
  const folder = folderAt(root, project.rendered);
  const below = (path: string) => path.slice(folder.path.length + 1);
  const { manifests, listed } = planRendered(entries.map(renderable), folder);

  const releases = manifests.flatMap((change) => {
    const path = below(change.path);
    const id = path.slice(0, path.lastIndexOf('/'));
    if (!isMeant(id)) return [];
    const gone = change.content === null;
    const summary = gone ? 'remove the manifests of a release that is gone' : 'render the values';
    const after = () => (gone ? listedIn(folder).filter((each) => each !== path) : [...listedIn(folder), path]);
    return [staleRelease({ id, summary }, () => [change, inventoryOf(folder, after())])];
  });
  // A release that was decided on has rendered itself, and is to be named as well.
  const there = () =>
    [...listedIn(folder), ...listed].filter((path) => folder.read(`${folder.path}/${path}`) !== undefined);
  const inventory = { id: folder.path, summary: 'update the inventory' };
  return [...releases, staleRelease(inventory, () => [inventoryOf(folder, there())])];
}

/** Returns a release that is stale by what `changes` says when it is asked; undefined in it changes nothing. */
export function staleRelease(
  { id, summary }: Pick<StaleRelease, 'id' | 'summary'>,
  changes: () => readonly (FileChange | undefined)[],
): StaleRelease {
  const plan = () => ({
    release: id,
    summary,
    trailers: {},
    changes: changes().filter((change) => change !== undefined),
  });
  return { id, summary, plan };
}

/** Returns what `planRendered` takes of an entry. */
export function renderable({ id, file, loaded }: ReleaseEntry) {
  return { id, file, release: loaded instanceof ConfigError ? undefined : loaded.release };
}
