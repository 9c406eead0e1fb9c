import { ConfigError } from '../errors.js';
import type { Files } from '../gitops/proposal.js';
import type { FileChange } from '../release/file-change.js';
import { inventoryName, type RenderedFolder } from '../synth/rendered.js';
import { planChart } from '../synth/rendered-chart.js';
import type { LoadedValues } from '../values/load.js';
import { assertInstallable } from './assert-installable.js';
import { folderIn } from './folder-at.js';
import { chartOf } from './release-chart.js';
import { type StaleRelease, staleRelease, valuesNow } from './stale.js';
import { findGone, type ReleaseEntry, type Workspace } from './workspace.js';

/** A release whose values can be used. */
type Usable = ReleaseEntry & { readonly loaded: LoadedValues };

/**
 * Returns what in the folders of the releases is not their chart, a commit for every release, so that each can be
 * reverted alone. A chart does not follow from weights, so what was decided on is looked at as well.
 *
 * @param isMeant whether a release is to be looked at
 */
export function staleCharts(
  workspace: Workspace,
  entries: readonly ReleaseEntry[],
  isMeant: (id: string) => boolean,
): StaleRelease[] {
  const usable = entries.filter((entry): entry is Usable => !(entry.loaded instanceof ConfigError));
  const there = usable.map((entry) =>
    staleRelease({ id: entry.id, summary: 'write the chart of its values' }, (files) => {
      const loaded = valuesNow(entry.loaded, files);
      return loaded === undefined ? [] : chartChanges(workspace, { ...entry, loaded }, files);
    }),
  );
  const folders = findGone(workspace, inventoryName).map((id) => ({ id, folder: folderOf(workspace, id) }));
  // The folder of the manifests has an inventory as well, and may lie below that of the releases.
  const gone = folders
    .filter(({ folder }) => folder.path !== workspace.project.rendered)
    .map(({ id, folder }) =>
      staleRelease({ id, summary: 'remove the chart of a release that is gone' }, ({ read }) =>
        planChart(undefined, { ...folder, read }),
      ),
    );
  return [...there, ...gone].filter(({ id }) => isMeant(id));
}

/**
 * Returns what it takes for the folder of a release to be the chart of its values.
 *
 * @throws ConfigError when a person's file stands in the way, or Helm does not take its name
 */
export function chartChanges(workspace: Workspace, { id, loaded }: Usable, { read }: Files): FileChange[] {
  assertInstallable(loaded);
  return planChart(chartOf(loaded), { ...folderOf(workspace, id), read });
}

function folderOf(workspace: Workspace, id: string): RenderedFolder {
  return folderIn(workspace, `${workspace.project.releases}/${id}`);
}
