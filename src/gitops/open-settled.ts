import { type LockWait, whileLocked } from './lock-wait.js';
import { recover } from './recover.js';
import { openRepository, type Repository } from './repository.js';

/**
 * Opens the repository of a folder for commits: another process that writes there is waited for, and what a killed one
 * left half done is finished or undone first.
 *
 * @param tell hears of what was
 * @throws GitError when it is no repository, or in no state to be committed to
 */
export function openSettled(directory: string, tell: (text: string) => void, wait: LockWait = {}): Promise<Repository> {
  return whileLocked(async () => {
    const repository = await openRepository(directory);
    const outcome = await recover(repository);
    if (outcome === 'nothing') return repository;
    tell(`${outcome} what an earlier run had left half written\n`);
    return openRepository(directory);
  }, wait);
}
