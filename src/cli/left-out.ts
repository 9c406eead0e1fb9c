import { basename, dirname } from 'node:path/posix';
import { GitError } from '../errors.js';
import { LeftOut } from '../gitops/not-checked-out.js';
import { inventoryName } from '../synth/rendered.js';
import { valuesFile, type Workspace } from './workspace.js';

/**
 * Returns what a sparse checkout leaves out of a workspace. Of a release that is checked out, what is remembered of it
 * can be read all the same, and so can the inventories.
 *
 * @throws GitError when git fails
 */
export function findLeftOut({ root, project }: Workspace): Promise<LeftOut> {
  return LeftOut.find({
    directory: root,
    paths: [project.releases, project.rendered],
    isWanted: (path, isLeftOut) => read.includes(basename(path)) && !isLeftOut(`${dirname(path)}/${valuesFile}`),
  });
}

const read = [inventoryName, 'status.yaml', 'ledger.jsonl'];

/** Returns a workspace with what a sparse checkout leaves out of it; nothing where git knows of no such thing. */
export async function withLeftOut(workspace: Workspace): Promise<Workspace> {
  try {
    return { ...workspace, leftOut: await findLeftOut(workspace) };
  } catch (error) {
    if (error instanceof GitError) return workspace;
    throw error;
  }
}
