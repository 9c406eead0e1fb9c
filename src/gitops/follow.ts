import { GitError, isSluiceError } from '../errors.js';
import { askGit, gitFailure, runGit } from './git.js';
import { closeJournal, type Journal, openJournal, recordFiles } from './journal.js';
import { moveBranch } from './move-branch.js';
import { type Repository, readHead } from './repository.js';
import { settleFollow } from './settle-follow.js';

/**
 * Brings the branch, its index and its files from the commit that `repository.head` names to another one, under the
 * journal. What a person has staged or modified stays.
 *
 * @returns the repository as it stands then
 * @throws GitError when a file that would change has changes of a person's, HEAD has moved, or another process is
 * writing; then nothing has changed
 */
export async function follow(repository: Repository, to: string): Promise<Repository> {
  const lock = await openJournal(repository);
  const journal = { ...lock, follow: to };
  try {
    const { head } = await readHead(repository.root);
    if (head !== repository.head && head !== to) throw movedMeanwhile(repository, head);
    if (head !== to) await move(repository, journal);
  } finally {
    // Kept where undoing failed: the next run has another try.
    await closeUnlessKept(repository, journal);
  }
  return { ...repository, head: to };
}

const kept = new WeakSet<Journal>();

async function closeUnlessKept(repository: Repository, journal: Journal): Promise<void> {
  if (!kept.has(journal)) await closeJournal(repository, journal);
}

async function move(repository: Repository, journal: Journal & { readonly follow: string }): Promise<void> {
  const { root, head } = repository;
  // What is only dated differently is not modified. That something is, git says by a status that is no failure.
  const refreshed = await askGit(['update-index', '--refresh'], { cwd: root });
  if (refreshed.status > 1) throw gitFailure(refreshed, { command: 'update-index', cwd: root });
  await recordFiles(repository, journal);
  try {
    await runGit(['read-tree', '-m', '-u', ...(head === undefined ? [] : [head]), journal.follow], { cwd: root });
    await moveBranch(repository, { from: head, to: journal.follow });
  } catch (error) {
    // git looks at everything before it changes anything.
    if (isSluiceError(error) && refusal.test(error.message)) throw inTheWay(repository, error);
    const outcome = await settleFollow(repository, journal).catch((failure: unknown) => {
      kept.add(journal);
      throw failure;
    });
    if (outcome === 'undone') throw error;
  }
}

const refusal = /not uptodate|would be overwritten|would be removed/;

function inTheWay({ root }: Repository, error: Error): GitError {
  return new GitError(`Cannot bring ${root} to the commit of the server without overwriting: ${error.message}`, {
    code: 'git/in-the-way',
    path: root,
    hint: 'Commit and push these changes, or set them aside: git stash push --include-untracked -- PATHS',
    cause: error,
  });
}

function movedMeanwhile({ root, head }: Repository, now: string | undefined): GitError {
  return new GitError(`Cannot move ${root} on from ${head ?? 'no commit'}: HEAD is now ${now ?? 'unborn'}`, {
    code: 'git/moved',
    path: root,
    hint: 'Run the command again: it starts from the commit that is there now.',
  });
}
