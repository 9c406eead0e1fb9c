import { GitError, isSluiceError } from '../errors.js';
import { closeJournal, type Journal, leaveJournal } from './journal.js';
import { settle } from './recover.js';
import { type Repository, readHead } from './repository.js';

/**
 * Undoes what a failed write left. git may fail after the commit is made: then it counts.
 *
 * @returns the commit that is there all the same
 * @throws the error itself once all is undone; GitError where that fails
 */
export async function settleAfter(
  repository: Repository,
  journal: Journal,
  error: unknown,
): Promise<string | undefined> {
  let outcome: string;
  try {
    outcome = await settle(repository, journal);
  } catch (second) {
    await leaveJournal(repository, journal).catch(() => {});
    throw new GitError(`${wordsOf(error)}\n${wordsOf(second)}`, {
      code: 'git/not-undone',
      path: repository.root,
      hint: isSluiceError(second) && second.hint !== undefined ? second.hint : 'Run sluice again: it undoes the rest.',
      cause: error,
    });
  }
  if (outcome === 'finished') return (await readHead(repository.root)).head;
  return closeAndThrow(repository, journal, error);
}

/** Gives the lock back and throws on. */
export async function closeAndThrow(repository: Repository, journal: Journal, error: unknown): Promise<never> {
  await closeJournal(repository, journal);
  throw error;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
