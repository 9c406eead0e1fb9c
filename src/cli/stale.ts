import { join } from 'node:path';
import type { CommitPlan } from '../gitops/plan.js';
import type { FileChange } from '../release/file-change.js';
import { inventoryName, planRendered } from '../synth/rendered.js';
import { readTextIfThere } from './read-text.js';
import { renderable } from './synth.js';
import type { ReleaseEntry, Workspace } from './workspace.js';

/** What a commit of stale manifests is for. */
export interface StaleRelease {
  /** The release, or the folder of the manifests where only its inventory is stale. */
  readonly id: string;
  readonly plan: CommitPlan;
}

/**
 * Returns what in the folder of the manifests is not as the values have it, a commit for every release, so that each
 * can be reverted alone.
 *
 * @param isMeant whether a release is to be looked at; the inventory changes with any of them
 */
export function staleReleases(
  { root, project }: Workspace,
  entries: readonly ReleaseEntry[],
  isMeant: (id: string) => boolean,
): StaleRelease[] {
  const { rendered } = project;
  const read = (path: string) => readTextIfThere(join(root, path), path);
  const changes = planRendered(entries.map(renderable), { path: rendered, read }).map((change) => ({
    id: change.path.slice(rendered.length + 1, change.path.lastIndexOf('/')),
    change,
  }));
  const inventory = changes.filter(({ change }) => change.path === `${rendered}/${inventoryName}`);
  const manifests = changes.filter((each) => !inventory.includes(each) && isMeant(each.id));
  if (manifests.length === 0) {
    return inventory.map(({ change }) => stale(rendered, 'update the inventory', [change]));
  }
  return manifests.map(({ id, change }, i) => {
    const summary = change.content === null ? 'remove the manifests of a release that is gone' : 'render the values';
    return stale(id, summary, i === 0 ? [change, ...inventory.map((each) => each.change)] : [change]);
  });
}

function stale(id: string, summary: string, changes: readonly FileChange[]): StaleRelease {
  return { id, plan: { release: id, summary, trailers: {}, changes } };
}
