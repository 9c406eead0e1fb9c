import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { runGit } from './git.js';
import type { Owner } from './owner.js';
import type { Repository } from './repository.js';

/**
 * Removes the locks of git's index and of the branch when they are what a killed process left: they came after that
 * process began to write, and no git runs in the repository. Where the system does not tell which programs run, they
 * stay.
 *
 * @param owner the process of sluice that is dead
 */
export async function removeStaleLock({ root, gitDir, branch }: Repository, owner: Owner): Promise<void> {
  if (owner.host !== hostname()) return;
  const paths = ['index.lock', 'HEAD.lock', `${branch}.lock`];
  const places = await Promise.all(paths.map((path) => runGit(['rev-parse', '--git-path', path], { cwd: root })));
  const locks = places.map((place) => resolve(root, place.replace(/\n$/, '')));
  const stats = await Promise.all(locks.map((lock) => stat(lock).catch(() => undefined)));
  const stale = locks.filter((_, i) => (stats[i]?.mtimeMs ?? 0) >= owner.at);
  if (stale.length === 0 || (await mayGitBeAtWork(root))) return;
  const left = (await readdir(gitDir)).filter((name) => /^next-index-\d+\.lock$/.test(name));
  for (const lock of [...stale, ...left.map((name) => join(gitDir, name))]) await rm(lock, { force: true });
}

/** Milliseconds; git has the lock of a ref for a few of them. */
const forgotten = 5000;

/**
 * Removes the lock of a ref that a killed git left: it is not new, and no git runs in the repository. To be called before
 * that ref is written where no journal tells who began.
 */
export async function removeForgottenLock({ root, gitDir }: Repository, ref: string): Promise<void> {
  // Linked worktrees share the refs of the main one.
  const shared = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => '.');
  const lock = resolve(gitDir, shared.trim(), `${ref}.lock`);
  const found = await stat(lock).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs < forgotten || (await mayGitBeAtWork(root))) return;
  await rm(lock, { force: true });
}

async function mayGitBeAtWork(root: string): Promise<boolean> {
  const processes = await readdir('/proc').catch(() => undefined);
  if (processes === undefined) return true;
  for (const pid of processes.filter((name) => /^\d+$/.test(name))) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (!name.startsWith('git')) continue;
    const folder = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) =>
      // A process that has ended has no folder; of another user's the folder is not told, and may be this one.
      error.code === 'ENOENT' ? undefined : root,
    );
    if (folder === root || folder?.startsWith(root + sep)) return true;
  }
  return false;
}
