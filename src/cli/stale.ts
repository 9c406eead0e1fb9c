import { join } from 'node:path';
import type { CommitPlan } from '../gitops/plan.js';
import type { FileChange } from '../release/file-change.js';
import { planRendered } from '../synth/rendered.js';
import { readTextIfThere } from './read-text.js';
import { renderable } from './synth.js';
import type { ReleaseEntry, Workspace } from './workspace.js';

/** Returns a commit for every release whose manifests are not those of its values, so that each can be reverted alone. */
export function staleCommits({ root, project }: Workspace, entries: readonly ReleaseEntry[]): CommitPlan[] {
  const read = (path: string) => readTextIfThere(join(root, path), path);
  const changes = planRendered(entries.map(renderable), { path: project.rendered, read });
  const inventory = changes.filter(({ path }) => path.endsWith('/.sluice-inventory'));
  const manifests = changes.filter((change) => !inventory.includes(change));
  if (manifests.length === 0)
    return inventory.length === 0 ? [] : [commit('rendered', 'update the inventory', inventory)];
  return manifests.map((change, i) => {
    const id = change.path.slice(project.rendered.length + 1, change.path.lastIndexOf('/'));
    const summary = change.content === null ? 'remove the manifests of a release that is gone' : 'render the values';
    return commit(id, summary, i === 0 ? [change, ...inventory] : [change]);
  });
}

function commit(release: string, summary: string, changes: readonly FileChange[]): CommitPlan {
  return { release, summary, trailers: {}, changes };
}
