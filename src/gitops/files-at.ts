import { GitError } from '../errors.js';
import { askGit, type GitAnswer, runGit } from './git.js';
import { oneLine } from './one-line.js';
import { assertRepositoryPath } from './repository-path.js';

/** A commit, and the folder of it that stands for the one that was asked about. */
export interface Snapshot {
  readonly cwd: string;
  /** The whole hash. */
  readonly commit: string;
  /** From the top of the repository to the folder: empty, or with a slash at its end. */
  readonly prefix: string;
}

/**
 * Returns a commit by any name that git knows, or undefined where there is none of that name. HEAD may be detached.
 *
 * @param cwd the folder whose files are asked for later
 * @throws GitError when git is not installed
 */
export async function openSnapshot(cwd: string, revision: string): Promise<Snapshot | undefined> {
  const found = await askGit(['rev-parse', '--verify', '--quiet'], { cwd, revisions: [`${revision}^{commit}`] });
  if (found.status !== 0) return undefined;
  const prefix = await runGit(['rev-parse', '--show-prefix'], { cwd });
  return { cwd, commit: found.stdout.trim(), prefix: prefix.replace(/\n$/, '') };
}

/**
 * Returns the bytes of a file as it was, links inside the repository followed; undefined where there was none.
 *
 * @param path from the folder of the snapshot, with forward slashes
 */
export async function fileAt(snapshot: Snapshot, path: string): Promise<Buffer | undefined> {
  return (await contentsOf(snapshot, [`${snapshot.commit}:${snapshot.prefix}${path}`]))[0];
}

/**
 * Returns the bytes of all files of one name below a folder, by their paths from that folder; none where there is no
 * such folder.
 *
 * @throws GitError when git fails
 */
export async function filesAt(
  snapshot: Snapshot,
  folder: string,
  { name }: { readonly name: string },
): Promise<ReadonlyMap<string, Buffer>> {
  const tree = await treeAt(snapshot, folder);
  if (tree === undefined) return new Map();
  const listing = await runGit(['ls-tree', '-r', '-z', '--full-tree', '--name-only', tree], { cwd: snapshot.cwd });
  const paths = listing.split('\0').filter((path) => path === name || path.endsWith(`/${name}`));
  for (const path of paths) assertRepositoryPath(path);
  // Named from the commit, so that a link may lead out of the folder, as it may on the disk.
  const contents = await contentsOf(
    snapshot,
    paths.map((path) => `${snapshot.commit}:${snapshot.prefix}${folder}/${path}`),
  );
  return new Map(paths.flatMap((path, i) => (contents[i] === undefined ? [] : [[path, contents[i]] as const])));
}

/** A folder may be a link to another one of the repository. */
async function treeAt(snapshot: Snapshot, folder: string): Promise<string | undefined> {
  const { cwd, commit, prefix } = snapshot;
  const input = `${commit}:${prefix}${folder}\n`;
  const answer = await runGit(['cat-file', '--batch-check', '--follow-symlinks'], { cwd, input });
  return /^([0-9a-f]{40,}) tree /.exec(answer)?.[1];
}

/** One git for all of them: a start takes longer than a file. */
async function contentsOf({ cwd }: Snapshot, objects: readonly string[]): Promise<(Buffer | undefined)[]> {
  const broken = objects.find((object) => object.includes('\n'));
  if (broken !== undefined) throw unreadable(broken);
  if (objects.length === 0) return [];
  const input = objects.map((object) => `${object}\n`).join('');
  const answer = await askGit(['cat-file', '--batch', '--follow-symlinks'], { cwd, input, encoding: 'latin1' });
  return blobsOf(answer, objects);
}

/** Reads `id blob size`, the bytes and a newline for each object; what is not there, or is no file, has other words. */
function blobsOf({ stdout }: GitAnswer, objects: readonly string[]): (Buffer | undefined)[] {
  let rest = 0;
  return objects.map((object) => {
    const end = stdout.indexOf('\n', rest);
    if (end < 0) throw unreadable(object);
    const head = stdout.slice(rest, end);
    rest = end + 1;
    const [, kind, size] = /^[0-9a-f]{40,} (\w+) (\d+)$/.exec(head) ?? [];
    if (size === undefined) {
      // A link that leads nowhere, or out, is said with the path on a line of its own.
      const [, length] = /^(?:dangling|loop|notdir|symlink) (\d+)$/.exec(head) ?? [];
      rest += length === undefined ? 0 : Number(length) + 1;
      return undefined;
    }
    const bytes = stdout.slice(rest, rest + Number(size));
    rest += Number(size) + 1;
    return kind === 'blob' ? Buffer.from(bytes, 'latin1') : undefined;
  });
}

function unreadable(object: string): GitError {
  return new GitError(`Cannot read ${oneLine(object)} from git as a file: git does not tell it apart`, {
    code: 'git/unreadable-file',
    path: oneLine(object),
    hint: 'Check the repository with git fsck, and the name of the file for line breaks.',
  });
}
