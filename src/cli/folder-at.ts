import type { Files } from '../gitops/proposal.js';
import type { RenderedFolder } from '../synth/rendered.js';
import { readTextInsideIfThere } from './read-inside.js';
import type { Workspace } from './workspace.js';

/** Returns the files of the disk, by their paths from `root`. */
export function filesOnDisk(root: string): Files {
  return { read: (file) => readTextInsideIfThere(root, file) };
}

/** Returns the files of a workspace: those of the disk, and what a sparse checkout leaves out as the repository has it. */
export function filesOf({ root, leftOut }: Pick<Workspace, 'root' | 'leftOut'>): Files {
  const { read } = filesOnDisk(root);
  return { read: (file) => read(file) ?? leftOut?.read(file) };
}

/** Returns a folder of the disk, whose files are called by `path` as it is given, from `root`. */
export function folderAt(root: string, path: string): RenderedFolder {
  return { path, ...filesOnDisk(root) };
}

/** Returns a folder of a workspace, as `folderAt` does. */
export function folderIn(workspace: Pick<Workspace, 'root' | 'leftOut'>, path: string): RenderedFolder {
  return { path, ...filesOf(workspace), leftOut: workspace.leftOut };
}
