import { GitError } from '../errors.js';
import { chunksOf } from './chunks.js';
import { runGit } from './git.js';
import { foldersOf } from './working-tree.js';

/** What a tree holds under a path. */
export interface TreeEntry {
  /** Such as `100644`. */
  readonly mode: string;
  readonly id: string;
}

/** Returns what a commit holds under the paths and under the folders on the way to them; nothing before the first one. */
export async function treeEntries(
  root: string,
  commit: string | undefined,
  paths: readonly string[],
): Promise<Map<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  if (commit === undefined) return entries;
  const all = [...new Set(paths.flatMap((path) => [...foldersOf(path), path]))];
  for (const chunk of chunksOf(all)) {
    const listing = await runGit(['ls-tree', '-z', '-t', '--full-tree', commit], { cwd: root, paths: chunk });
    for (const line of listing.split('\0')) {
      const [, mode = '', id = '', path] = /^(\d+) \w+ ([0-9a-f]{40,})\t(.*)$/s.exec(line) ?? [];
      if (path !== undefined) entries.set(path, { mode, id });
    }
  }
  return entries;
}

const folderMode = '040000';
const plainModes = ['100644', '100755'];

/**
 * Refuses a path that is, or leads through, anything but plain folders and a plain file: git would put a folder in the
 * place of a link.
 *
 * @throws GitError that says what stands there
 */
export function assertPlainPath(path: string, entries: ReadonlyMap<string, TreeEntry>): void {
  for (const folder of foldersOf(path)) {
    const mode = entries.get(folder)?.mode;
    if (mode !== undefined && mode !== folderMode) throw notPlain(folder, mode, 'a file where a folder is needed');
  }
  const mode = entries.get(path)?.mode;
  if (mode !== undefined && !plainModes.includes(mode)) throw notPlain(path, mode, 'a folder');
}

const kinds: { readonly [mode: string]: string } = {
  '120000': 'a symbolic link',
  '160000': 'another repository',
};

function notPlain(path: string, mode: string, otherwise: string): GitError {
  return new GitError(`Cannot write ${path} as a plain file of the repository: it is ${kinds[mode] ?? otherwise}`, {
    code: 'git/not-plain',
    path,
    hint: 'Move it away, or name another folder in sluice.yaml.',
  });
}
