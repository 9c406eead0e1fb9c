import { ConfigError } from '../errors.js';
import type { CommitPlan } from '../gitops/plan.js';
import type { Files } from '../gitops/proposal.js';
import type { FileChange } from '../release/file-change.js';
import { inventoryOf, listedIn, planRendered, type RenderedRelease, renderedText } from '../synth/rendered.js';
import { type LoadedValues, reloadValues } from '../values/load.js';
import { folderIn } from './folder-at.js';
import { type ReleaseEntry, releasesLeftOut, type Workspace } from './workspace.js';

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
 * can be reverted alone. Of releases that a sparse checkout leaves out everything stays.
 *
 * @param isMeant whether a release is to be looked at
 */
export function staleReleases(
  workspace: Workspace,
  entries: readonly ReleaseEntry[],
  isMeant: (id: string) => boolean,
): StaleRelease[] {
  const { project, leftOut, dirty } = workspace;
  const folder = folderIn(workspace, project.rendered);
  const below = (path: string) => path.slice(folder.path.length + 1);
  const known = listedIn(folder);
  const { manifests, listed, foreign } = planRendered(renderables(workspace, entries), folder);

  const inventory = (files: Files, after: (listed: readonly string[]) => readonly string[]) => {
    const now = { path: folder.path, read: files.read };
    return inventoryOf(now, after(listedIn(now)));
  };
  // What is refused when it is to be committed is planned all the same, so that it is said.
  const releases = [...manifests, ...foreign].flatMap((change) => {
    const path = below(change.path);
    const id = path.slice(0, path.lastIndexOf('/'));
    const { loaded } = entries.find((entry) => entry.id === id) ?? {};
    if (!isMeant(id)) return [];
    if (loaded === undefined || loaded instanceof ConfigError) {
      const file = `${project.releases}/${id}/values.yaml`;
      const remove = (files: Files) =>
        files.read(file) === undefined && !leftOut?.has(file)
          ? [change, inventory(files, (listed) => listed.filter((each) => each !== path))]
          : [];
      return [staleRelease({ id, summary: 'remove the manifests of a release that is gone' }, remove)];
    }
    const render = (files: Files) => {
      const release = valuesNow(loaded, files)?.release;
      if (release === undefined) return [];
      const content = renderedText({ file: loaded.file, release });
      return [{ path: change.path, content }, inventory(files, (all) => [...all, path])];
    };
    return [staleRelease({ id, summary: 'render the values' }, render)];
  });
  // A release that was decided on has rendered itself, and is to be named as well.
  const there = (files: Files) => {
    const isThere = (path: string) => {
      const file = `${folder.path}/${path}`;
      // What a person has removed and not committed is not gone yet.
      return files.read(file) !== undefined || leftOut?.has(file) === true || dirty?.has(file) === true;
    };
    // What others list while this runs stays as well.
    const stays = (path: string) => isThere(path) || !known.includes(path);
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

/** Returns what `planRendered` takes: the entries, and the releases that are there and not checked out. */
export function renderables(workspace: Workspace, entries: readonly ReleaseEntry[]): RenderedRelease[] {
  const usable = entries.map(({ id, file, loaded }) => {
    return { id, file, release: loaded instanceof ConfigError ? undefined : loaded.release };
  });
  return [...usable, ...releasesLeftOut(workspace).map((found) => ({ ...found, release: undefined }))];
}
