import { recover } from './recover.js';
import { openRepository, type Repository } from './repository.js';

/**
 * Opens the repository of a folder for commits: what a killed process left half done is finished or undone first.
 *
 * @param tell hears of what was
 * @throws GitError when it is no repository, or in no state to be committed to
 */
export async function openSettled(directory: string, tell: (text: string) => void): Promise<Repository> {
  const repository = await openRepository(directory);
  const outcome = await recover(repository);
  if (outcome === 'nothing') return repository;
  tell(`${outcome} what an earlier run had left half written\n`);
  return openRepository(directory);
}
