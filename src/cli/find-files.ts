import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../errors.js';

/** A file below the folder of releases, or a place there that is not gone into, and why. */
export interface Found {
  /** Relative to the folder of the releases, with forward slashes. */
  readonly path: string;
  readonly obstacle?: string;
}

/** What is looked for. */
interface Search {
  readonly name: string;
  /** Whether a sparse checkout leaves files out. */
  readonly isSparse: boolean;
}

/**
 * Returns the files of one name below the folder of the releases, in the order of their paths; links are not followed.
 *
 * @throws ConfigError when there is no such folder
 */
export function findFiles(root: string, folder: string, { name, isSparse }: Search): Found[] {
  if (!existsSync(join(root, folder))) {
    throw new ConfigError(`Cannot find the releases as ${folder}/**/values.yaml: there is no folder ${folder}`, {
      code: 'cli/no-releases',
      path: folder,
      hint: isSparse
        ? `Add it, or folders in it, to the sparse checkout: git sparse-checkout add ${folder}`
        : `Run this where sluice.yaml lies and correct releases in it, or start with sluice init. To remove the last release, keep the folder.`,
    });
  }
  return walk(join(root, folder), '', { name }).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A link is not followed: it may lead out, round in circles, or to a release that is there already. */
function walk(folder: string, below: string, { name }: { readonly name: string }): Found[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(folder, below), { withFileTypes: true });
  } catch (error) {
    return [{ path: below + name, obstacle: `its folder cannot be read (${(error as NodeJS.ErrnoException).code})` }];
  }
  return entries.flatMap((entry): Found[] => {
    const path = below + entry.name;
    if (entry.name === name) return [{ path }];
    if (entry.isDirectory()) return walk(folder, `${path}/`, { name });
    const leads = entry.isSymbolicLink() && statSync(join(folder, path), { throwIfNoEntry: false })?.isDirectory();
    return leads ? [{ path: `${path}/${name}`, obstacle: 'its folder is a symbolic link' }] : [];
  });
}
