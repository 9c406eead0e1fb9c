import { ConfigError } from '../errors.js';
import { leftOut as notThere } from '../gitops/not-checked-out.js';
import type { CommitPlan } from '../gitops/plan.js';
import type { Files } from '../gitops/proposal.js';
import type { FileChange } from '../release/file-change.js';
import { inventoryName, inventoryOf, listedIn, planRendered, renderedText } from '../synth/rendered.js';
import { type LoadedValues, reloadValues } from '../values/load.js';
import { folderAt } from './folder-at.js';
import type { ReleaseEntry, Workspace } from './workspace.js';

/** What a commit of stale manifests is for. */
export interface StaleRelease {
  /** The release, or the folder of the manifests where only its inventory is stale. */
  readonly id: string;
  readonly summary: string;
  /**
   * Returns the commit as the files stand when it is asked: the inventory changes with each, so that it never forgets
   * a file whose own commit failed, and a person may have changed the values meanwhile.
   */
  plan(files: Files): CommitPlan;
}

/**
 * Returns what in the folder of the manifests is not as the values have it, a commit for every release, so that each
 * can be reverted alone. Of releases that a sparse checkout leaves out everything stays; one whose manifests alone are
 * left out is refused when it is planned.
 *
 * @param isMeant whether a release is to be looked at
 */
export function staleReleases(
  { root, project, leftOut = new Set() }: Workspace,
  entries: readonly ReleaseEntry[],
  isMeant: (id: string) => boolean,
): StaleRelease[] {
  const folder = folderAt(root, project.rendered);
  const below = (path: string) => path.slice(folder.path.length + 1);
  const known = listedIn(folder);
  const inventoryFile = `${folder.path}/${inventoryName}`;
  const { manifests, listed } = planRendered(entries.map(renderable), folder);

  const inventory = (files: Files, after: (listed: readonly string[]) => readonly string[]) => {
    const now = { path: folder.path, read: files.read };
    return inventoryOf(now, after(listedIn(now)));
  };
  const releases = manifests.flatMap((change) => {
    const path = below(change.path);
    const id = path.slice(0, path.lastIndexOf('/'));
    const { loaded } = entries.find((entry) => entry.id === id) ?? {};
    if (!isMeant(id)) return [];
    if (loaded === undefined || loaded instanceof ConfigError) {
      const file = `${project.releases}/${id}/values.yaml`;
      if (leftOut.has(file)) return [];
      const remove = (files: Files) =>
        files.read(file) === undefined
          ? [change, inventory(files, (listed) => listed.filter((each) => each !== path))]
          : [];
      return [staleRelease({ id, summary: 'remove the manifests of a release that is gone' }, remove)];
    }
    const render = (files: Files) => {
      const unseen = [change.path, inventoryFile].find((file) => leftOut.has(file));
      if (unseen !== undefined) throw notThere(unseen);
      const release = valuesNow(loaded, files)?.release;
      if (release === undefined) return [];
      const content = renderedText({ file: loaded.file, release });
      return [{ path: change.path, content }, inventory(files, (all) => [...all, path])];
    };
    return [staleRelease({ id, summary: 'render the values' }, render)];
  });
  // A release that was decided on has rendered itself, and is to be named as well.
  const there = (files: Files) => {
    if (leftOut.has(inventoryFile)) return [];
    const isThere = (path: string) => files.read(`${folder.path}/${path}`) !== undefined;
    // What others list while this runs may be left out here as well.
    const stays = (path: string) => isThere(path) || leftOut.has(`${folder.path}/${path}`) || !known.includes(path);
    return [inventory(files, (all) => [...all.filter(stays), ...listed.filter(isThere)])];
  };
  return [...releases, staleRelease({ id: folder.path, summary: 'update the inventory' }, there)];
}

/** Returns the values as they are by now; undefined where they are gone. @throws ConfigError when a person broke them */
export function valuesNow(loaded: LoadedValues, files: Files): LoadedValues | undefined {
  const text = files.read(loaded.file);
  if (text === undefined || text === loaded.text) return text === undefined ? undefined : loaded;
  return reloadValues(loaded, text);
}

/** Returns a release that is stale by what `changes` says when it is asked; undefined in it changes nothing. */
export function staleRelease(
  { id, summary }: Pick<StaleRelease, 'id' | 'summary'>,
  changes: (files: Files) => readonly (FileChange | undefined)[],
): StaleRelease {
  const plan = (files: Files) => ({
    release: id,
    summary,
    trailers: {},
    changes: changes(files).filter((change) => change !== undefined),
  });
  return { id, summary, plan };
}

/** Returns what `planRendered` takes of an entry. */
export function renderable({ id, file, loaded }: ReleaseEntry) {
  return { id, file, release: loaded instanceof ConfigError ? undefined : loaded.release };
}
