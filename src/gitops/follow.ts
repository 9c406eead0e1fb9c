import { GitError } from '../errors.js';
import { askGit, gitFailure, runGit } from './git.js';
import { closeJournal, type Journal, leaveJournal, openJournal, recordFiles } from './journal.js';
import { moveBranch } from './move-branch.js';
import { isAncestor } from './remote.js';
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
    if (head !== repository.head && head !== to) return await alreadyThere(repository, { head, to });
    if (head !== to) await move(repository, journal);
  } finally {
    // Kept where undoing failed: the next run has another try.
    await closeUnlessKept(repository, journal);
  }
  return { ...repository, head: to };
}

/** Another process in the same working copy may have gone there, and on, while this one waited for the lock. */
async function alreadyThere(
  repository: Repository,
  { head, to }: { readonly head: string | undefined; readonly to: string },
): Promise<Repository> {
  if (head !== undefined && (await isAncestor(repository.root, to, head))) return { ...repository, head };
  throw movedMeanwhile(repository, head);
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
  const start = head ?? (await runGit(['hash-object', '-t', 'tree', '--stdin'], { cwd: root })).trim();
  const bring = (from: string, to: string) => runGit(['read-tree', '-m', '-u', from, to], { cwd: root });
  try {
    await bring(start, journal.follow);
  } catch (error) {
    // git looks at everything before it changes anything.
    if (error instanceof GitError && refusal.test(error.message)) throw inTheWay(repository, error);
    if ((await settled(repository, journal)) === 'finished') return;
    throw error;
  }
  await moveBranch(repository, { from: head, to: journal.follow }).catch(async (error: unknown) => {
    // The files go back: this process may have more to publish, and is in its own way as long as they do not.
    await bring(journal.follow, start).catch(() => settled(repository, journal));
    throw error;
  });
}

/** What came first says more than what settling it meets; the next run has another try. */
async function settled(repository: Repository, journal: Journal): Promise<string> {
  return settleFollow(repository, journal).catch(async () => {
    kept.add(journal);
    // A disk that is full cannot even hold this: then it is left once this process has ended.
    await leaveJournal(repository, journal).catch(() => {});
    return 'kept';
  });
}

const unresolved = /resolve your current index/;
const refusal = new RegExp(`not uptodate|would be overwritten|would be removed|${unresolved.source}`);

function inTheWay({ root }: Repository, error: GitError): GitError {
  return new GitError(`Cannot bring ${root} to the commit of the server without overwriting: ${error.message}`, {
    code: 'git/in-the-way',
    path: root,
    hint: unresolved.test(error.message)
      ? (error.hint ?? '')
      : 'Commit and push these changes, or set them aside: git stash push --include-untracked -- PATHS',
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
