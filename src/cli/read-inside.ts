import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { ConfigError } from '../errors.js';
import { readText, readTextIfThere } from './read-text.js';

/**
 * Returns the text of a file of a workspace, which may be a link, but not one that leads out of the repository or into
 * the folder of git: the file may come from anybody, and what is wrong with it is printed.
 *
 * @param path from the root; one that is named by a person may lie elsewhere
 * @throws ConfigError when it leads out, cannot be read or is no UTF-8
 */
export function readTextInside(root: string, path: string): string {
  assertInside(root, path);
  return readText(resolve(root, path), path);
}

/**
 * Returns the text as `readTextInside` does, or undefined where there is no such file. Folders on the way are looked at
 * by whoever writes.
 */
export function readTextInsideIfThere(root: string, path: string): string | undefined {
  if (lstatSync(resolve(root, path), { throwIfNoEntry: false })?.isSymbolicLink()) assertInside(root, path);
  return readTextIfThere(resolve(root, path), path);
}

function assertInside(root: string, path: string): void {
  const file = resolve(root, path);
  if (!isBelow(resolve(root), file)) return;
  const real = realOf(file);
  if (real === undefined) return;
  const top = repositoryOf(realpathSync.native(root));
  if (isBelow(top, real) && !isBelow(join(top, '.git'), real)) return;
  throw new ConfigError(`Cannot read ${path} as a file of the repository: it leads to ${real}`, {
    code: 'cli/outside',
    path,
    hint: 'Put the file itself in the place of the link.',
  });
}

/** Undefined where it leads to nothing. */
function realOf(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}

/** The next folder upwards with one of git, else the folder itself. */
function repositoryOf(folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above;
    if (above === dirname(above)) return folder;
  }
}

function isBelow(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
