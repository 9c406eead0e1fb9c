import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError } from '../errors.js';
import { chunksOf } from './chunks.js';
import { runGit } from './git.js';
import { pathsUnlikeHead } from './head-differences.js';
import { claimJournal, closeJournal, type Journal, type JournalFile, readJournal } from './journal.js';
import { oneLine } from './one-line.js';
import { dirtyFiles, type Repository, readHead } from './repository.js';
import { assertRepositoryPath } from './repository-path.js';
import { settleFollow } from './settle-follow.js';
import { removeStaleLock } from './stale-lock.js';
import { digestOf, readWorkingFile, removeEmptyFolders, temporaryFor, writeWorkingFile } from './working-tree.js';

/** What became of a write that a process left unfinished. */
export type Recovery = 'nothing' | 'finished' | 'undone';

/**
 * Finishes or undoes what a dead process of sluice left in the repository; to be called before anything else is
 * planned. When its commit is there only the journal is removed; else its files and index entries go back to what they
 * were.
 *
 * @throws GitError when another process is alive, git is at work, or a person has changed a file of the unfinished
 * write since: then nothing is changed and the journal stays
 */
export async function recover(repository: Repository): Promise<Recovery> {
  const journal = await readJournal(repository);
  if (journal === undefined) return 'nothing';
  const release = await claimJournal(repository, journal);
  if (release === undefined) return recover(repository);
  try {
    await removeStaleLock(repository, journal.owner);
    assertGitAtRest(repository);
    const outcome = await (journal.follow === undefined ? settle : settleFollow)(repository, journal);
    await closeJournal(repository, journal);
    return journal.files.length === 0 && journal.follow === undefined ? 'nothing' : outcome;
  } finally {
    await release();
  }
}

/**
 * Brings the files of a journal to rest: finished when HEAD holds them, else undone. The journal stays.
 *
 * @throws GitError when a file is neither what it was nor what it was to become
 */
export async function settle(repository: Repository, journal: Journal): Promise<'finished' | 'undone'> {
  const { root } = repository;
  const found = await look(repository, journal);
  const { head } = await readHead(root);
  const moved = (head ?? null) !== journal.head;
  const finished = moved && found.every(({ isHead }) => isHead) && found.some(({ isBefore }) => !isBefore);
  if (!finished) {
    assertUntouched(repository, journal, found);
    await undoFiles(root, journal, found);
  }
  for (const { path } of journal.files) await rm(join(root, temporaryFor(path, journal.id)), { force: true });
  await unstage(repository, journal.files);
  return finished ? 'finished' : 'undone';
}

/** A file of the journal as it is now. */
interface FoundFile {
  readonly file: JournalFile;
  readonly isHead: boolean;
  readonly isBefore: boolean;
  readonly isAfter: boolean;
}

async function look({ root }: Repository, { files }: Journal): Promise<FoundFile[]> {
  const contents = new Map<string, Buffer | null>();
  for (const { path } of files) {
    assertRepositoryPath(path);
    contents.set(path, (await readWorkingFile(root, path))?.content ?? null);
  }
  const unlikeHead = files.length === 0 ? new Set() : await pathsUnlikeHead(root, contents);
  return files.map((file) => {
    const digest = digestOf(contents.get(file.path) ?? null);
    return {
      file,
      isHead: !unlikeHead.has(file.path),
      isBefore: digest === digestOf(file.before && Buffer.from(file.before.content, 'base64')),
      isAfter: digest === file.after,
    };
  });
}

function assertUntouched({ root }: Repository, { owner }: Journal, found: readonly FoundFile[]): void {
  const touched = found.filter(({ isHead, isBefore, isAfter }) => !isHead && !isBefore && !isAfter);
  if (touched.length === 0) return;
  const names = touched.map(({ file }) => oneLine(file.path)).join(', ');
  throw new GitError(`Cannot undo what process ${owner.pid} left as nobody else changed it: ${names}`, {
    code: 'git/touched',
    path: root,
    hint: 'Commit these files as they should be, or put them back (git restore --staged --worktree -- FILE; delete new ones), and run sluice again.',
  });
}

async function undoFiles(root: string, { id, folders }: Journal, found: readonly FoundFile[]): Promise<void> {
  const written = found.filter(({ isBefore, isAfter }) => isAfter && !isBefore).map(({ file }) => file);
  for (const { path, before } of written) {
    if (before === null) await rm(join(root, path), { force: true });
  }
  for (const { path } of found.map(({ file }) => file)) await rm(join(root, temporaryFor(path, id)), { force: true });
  await removeEmptyFolders(root, folders);
  for (const { path, before } of written) {
    if (before === null) continue;
    await writeWorkingFile(root, path, { content: Buffer.from(before.content, 'base64'), mode: before.mode, id });
  }
}

async function unstage(repository: Repository, files: readonly JournalFile[]): Promise<void> {
  // The index is only written, and its lock only needed, where it tells of a difference.
  const dirty = await dirtyFiles(
    repository,
    files.map(({ path }) => path),
  );
  for (const paths of chunksOf(dirty)) await runGit(['reset', '--quiet'], { cwd: repository.root, paths });
}

/** A git that outlived its sluice, in a slow hook perhaps, may be about to make the commit. */
function assertGitAtRest({ root, gitDir }: Repository): void {
  const lock = join(gitDir, 'index.lock');
  if (!existsSync(lock)) return;
  throw new GitError(`Cannot recover ${root} as a repository at rest: a git is working in it, by ${lock}`, {
    code: 'git/busy',
    path: lock,
    hint: 'Wait until it has ended; when no git runs there any more, delete this file.',
  });
}
