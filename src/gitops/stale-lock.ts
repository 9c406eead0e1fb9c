import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, sep } from 'node:path';
import type { Owner } from './owner.js';
import type { Repository } from './repository.js';

/**
 * Removes the lock of git's index when it is what a killed process left: it came after that process began to write,
 * and no git runs in the repository. Where the system does not tell which programs run, the lock stays.
 *
 * @param owner the process of sluice that is dead
 */
export async function removeStaleLock({ root, gitDir }: Repository, owner: Owner): Promise<void> {
  const lock = join(gitDir, 'index.lock');
  const stats = await stat(lock).catch(() => undefined);
  if (stats === undefined || stats.mtimeMs < owner.at || owner.host !== hostname()) return;
  if (await mayGitBeAtWork(root)) return;
  const left = (await readdir(gitDir)).filter((name) => /^next-index-\d+\.lock$/.test(name));
  for (const name of ['index.lock', ...left]) await rm(join(gitDir, name), { force: true });
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
