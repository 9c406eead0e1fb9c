import { posix } from 'node:path';
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
  /** Settings for every git that reads from it. @default none */
  readonly config?: { readonly [key: string]: string };
}

/**
 * Returns a commit by any name that git knows, or undefined where there is none of that name. HEAD may be detached.
 *
 * @param cwd the folder whose files are asked for later
 * @param config settings for every git that reads from it
 * @throws GitError when git is not installed
 */
export async function openSnapshot(
  cwd: string,
  revision: string,
  config: Snapshot['config'] = {},
): Promise<Snapshot | undefined> {
  const found = await askGit(['rev-parse', '--verify', '--quiet'], {
    cwd,
    config,
    revisions: [`${revision}^{commit}`],
  });
  if (found.status !== 0) return undefined;
  const prefix = await runGit(['rev-parse', '--show-prefix'], { cwd, config });
  return { cwd, commit: found.stdout.trim(), prefix: prefix.replace(/\n$/, ''), config };
}

/**
 * Opens a commit as `openSnapshot` does, where there has to be one.
 *
 * @throws GitError that says how to name a commit, or what is wrong with the repository
 */
export async function snapshotOf(cwd: string, revision: string): Promise<Snapshot> {
  await runGit(['rev-parse', '--git-dir'], { cwd });
  const snapshot = await openSnapshot(cwd, revision);
  if (snapshot !== undefined) return snapshot;
  throw new GitError(`Cannot compare with ${JSON.stringify(revision)} as a commit: git knows none of that name here`, {
    code: 'git/no-such-commit',
    path: revision,
    hint: `Name a branch, a tag or a commit. ${fetchHint}`,
  });
}

/** What to do where a commit is missing that is somewhere else. */
export const fetchHint = 'In a shallow clone, fetch more first: git fetch --unshallow';

/**
 * Returns the bytes of those files that were there, by their paths. Links inside the repository are followed.
 *
 * @param paths from the folder of the snapshot, with forward slashes
 * @throws GitError when git fails
 */
export async function filesAt(
  { cwd, commit, prefix, config }: Snapshot,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const inside = paths.filter((path) => !posix.join(prefix, path).startsWith('../'));
  const objects = inside.map((path) => `${commit}:${posix.join(prefix, path)}`);
  const contents = await objectsAt(cwd, objects, config);
  return new Map(inside.flatMap((path, i) => (contents[i] === undefined ? [] : [[path, contents[i]] as const])));
}

/**
 * Returns the bytes of each object, undefined for one that is not there or is no file.
 *
 * @param objects as `cat-file` takes them: an id, or `commit:path`, whose links are followed inside the repository
 * @throws GitError when git fails
 */
export async function objectsAt(
  cwd: string,
  objects: readonly string[],
  config: Snapshot['config'] = {},
): Promise<(Buffer | undefined)[]> {
  const broken = objects.find((object) => object.includes('\n'));
  if (broken !== undefined) throw unreadable(broken);
  if (objects.length === 0) return [];
  // One git for all of them: a start takes longer than a file.
  const input = objects.map((object) => `${object}\n`).join('');
  const answer = await askGit(['cat-file', '--batch', '--follow-symlinks'], { cwd, input, config, encoding: 'latin1' });
  return blobsOf(answer, objects);
}

/**
 * Returns the paths of all files of one name below a folder, from that folder; none where there is no such folder.
 *
 * @throws GitError when git fails
 */
export async function pathsBelow(snapshot: Snapshot, folder: string, name: string): Promise<string[]> {
  const tree = await treeAt(snapshot, folder);
  if (tree === undefined) return [];
  const listing = await runGit(['ls-tree', '-r', '-z', '--full-tree', '--name-only', tree], { cwd: snapshot.cwd });
  const paths = listing.split('\0').filter((path) => path === name || path.endsWith(`/${name}`));
  for (const path of paths) assertRepositoryPath(path);
  return paths;
}

/** A folder may be a link to another one of the repository. */
async function treeAt(snapshot: Snapshot, folder: string): Promise<string | undefined> {
  const { cwd, commit, prefix } = snapshot;
  const input = `${commit}:${posix.join(prefix, folder)}\n`;
  const answer = await runGit(['cat-file', '--batch-check', '--follow-symlinks'], { cwd, input });
  return /^([0-9a-f]{40,}) tree /.exec(answer)?.[1];
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
