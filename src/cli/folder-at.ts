import { resolve } from 'node:path';
import type { RenderedFolder } from '../synth/rendered.js';
import { readTextIfThere } from './read-text.js';

/** Returns a folder of the disk, whose files are called by `path` as it is given, from `root`. */
export function folderAt(root: string, path: string): RenderedFolder {
  return { path, read: (file) => readTextIfThere(resolve(root, file), file) };
}
