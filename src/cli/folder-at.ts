import type { Files } from '../gitops/proposal.js';
import type { RenderedFolder } from '../synth/rendered.js';
import { readTextInsideIfThere } from './read-inside.js';

/** Returns the files of the disk, by their paths from `root`. */
export function filesOnDisk(root: string): Files {
  return { read: (file) => readTextInsideIfThere(root, file) };
}

/** Returns a folder of the disk, whose files are called by `path` as it is given, from `root`. */
export function folderAt(root: string, path: string): RenderedFolder {
  return { path, ...filesOnDisk(root) };
}
