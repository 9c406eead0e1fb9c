import { blobId } from './blob.js';
import { chunksOf } from './chunks.js';
import { runGit } from './git.js';

/**
 * Returns those of the paths whose entry in the index is not HEAD's.
 *
 * @throws GitError when git fails
 */
export async function stagedPaths(root: string, paths: readonly string[]): Promise<string[]> {
  const head = await headEntries(root, paths);
  const staged = entriesOf(await runGit(['ls-files', '-z', '--stage'], { cwd: root, paths }));
  return paths.filter((path) => head.get(path) !== staged.get(path));
}

/**
 * Returns those of the paths whose content, `null` for no file, is not what HEAD holds. The index plays no part.
 *
 * @throws GitError when git fails
 */
export async function pathsUnlikeHead(
  root: string,
  contents: ReadonlyMap<string, Buffer | null>,
): Promise<ReadonlySet<string>> {
  const head = await headEntries(root, [...contents.keys()]);
  const unlike = new Set<string>();
  const unsure: string[] = [];
  for (const [path, content] of contents) {
    const id = head.get(path)?.split(' ')[1];
    if (content === null && id === undefined) continue;
    if (content === null || id === undefined) unlike.add(path);
    else if (blobId(content, id.length) !== id) unsure.push(path);
  }
  // What lies in the tree with other line ends, or through a filter, may still be the same to git.
  for (const path of await unlikeWhenFiltered(root, unsure, head)) unlike.add(path);
  return unlike;
}

async function unlikeWhenFiltered(root: string, paths: readonly string[], head: ReadonlyMap<string, string>) {
  if (paths.length === 0) return [];
  // A leading `./` keeps a quote at the start of a name from being read as quoting.
  const input = paths.map((path) => `./${path}\n`).join('');
  const ids = (await runGit(['hash-object', '--stdin-paths'], { cwd: root, input })).split('\n');
  return paths.filter((path, index) => head.get(path)?.split(' ')[1] !== ids[index]);
}

/** Returns `mode id` by path; nothing before the first commit. */
async function headEntries(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const tree = await runGit(['rev-parse', '--revs-only', 'HEAD'], { cwd: root });
  if (tree.trim() === '') return new Map();
  const listings: string[] = [];
  for (const chunk of chunksOf(paths)) {
    listings.push(await runGit(['ls-tree', '-z', '--full-tree', 'HEAD'], { cwd: root, paths: chunk }));
  }
  return entriesOf(listings.join(''));
}

/** Reads `mode id stage\tpath` (the index) and `mode kind id\tpath` (a tree). */
function entriesOf(listing: string): ReadonlyMap<string, string> {
  return new Map(
    listing.split('\0').flatMap((entry): [string, string][] => {
      const tab = entry.indexOf('\t');
      if (tab < 0) return [];
      const [mode, ...rest] = entry.slice(0, tab).split(' ');
      return [[entry.slice(tab + 1), `${mode} ${rest.find((part) => /^[0-9a-f]{40,}$/.test(part))}`]];
    }),
  );
}
