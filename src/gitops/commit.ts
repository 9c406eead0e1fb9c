import { GitError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import { assertPaths } from './commit-paths.js';
import { runGit } from './git.js';
import { stagedPaths } from './head-differences.js';
import { closeJournal, openJournal } from './journal.js';
import { notCheckedOut } from './not-checked-out.js';
import { contentOf, journalOf, type PendingChange, pathsLeftOut } from './pending-change.js';
import { type CommitPlan, commitMessage } from './plan.js';
import { assertClean, type Repository, readHead } from './repository.js';
import { closeAndThrow, settleAfter } from './settle-after.js';
import { digestOf, readWorkingFile, removeWorkingFile, writeWorkingFile } from './working-tree.js';

/**
 * Writes the files of a plan and commits exactly them, on the commit that `repository.head` names. Whatever else is
 * staged or modified stays so; hooks, signing and author are as git's settings have them. On failure the files and
 * their index entries are put back.
 *
 * @returns the new commit's id, from which the next plan starts (`{ ...repository, head }`), or undefined when the plan
 * changes nothing that git sees
 * @throws ConfigError for a path that leads out of the repository; GitError when HEAD has moved, a file differs from
 * HEAD, another process is writing, or git refuses
 */
export async function commitLocally(
  repository: Repository,
  plan: CommitPlan,
  template?: string,
): Promise<string | undefined> {
  assertPaths(plan.changes);
  const lock = await openJournal(repository);
  const pending = await pendingChanges(repository, plan.changes).catch((error) =>
    closeAndThrow(repository, lock, error),
  );
  if (pending.length === 0) {
    await closeJournal(repository, lock);
    return undefined;
  }
  const journal = await journalOf(repository, lock, pending).catch((error) => closeAndThrow(repository, lock, error));
  let commit: string | undefined;
  try {
    commit = await writeAndCommit(repository, pending, { message: commitMessage(plan, template), id: journal.id });
  } catch (error) {
    commit = await settleAfter(repository, journal, error);
  }
  await closeJournal(repository, journal);
  return commit;
}

/** Returns the changes that change something. From here on, what is on disk is what HEAD holds. */
async function pendingChanges(repository: Repository, changes: readonly FileChange[]): Promise<PendingChange[]> {
  await assertUnmoved(repository);
  const paths = changes.map(({ path }) => path);
  await assertClean(repository, paths);
  const pending: PendingChange[] = [];
  for (const change of changes) {
    const before = await readWorkingFile(repository.root, change.path);
    const after = contentOf(change);
    if (digestOf(before?.content ?? null) !== digestOf(after)) pending.push({ ...change, before });
  }
  const [unseen] = await pathsLeftOut(repository, pending);
  if (unseen !== undefined) throw notCheckedOut(unseen);
  return pending;
}

async function assertUnmoved({ root, branch, head }: Repository): Promise<void> {
  const now = await readHead(root);
  if (now.head === head && now.branch === branch) return;
  throw new GitError(
    `Cannot commit to ${root} as planned on ${head ?? 'an empty branch'}: HEAD is now ${now.head ?? 'unborn'}`,
    { code: 'git/moved', path: root, hint: 'Run the command again: it starts from the commit that is there now.' },
  );
}

/** Returns the commit, or undefined when git sees no change in what was written (line ends, say). */
async function writeAndCommit(
  { root }: Repository,
  pending: readonly PendingChange[],
  { message, id }: { readonly message: string; readonly id: string },
): Promise<string | undefined> {
  for (const change of pending) {
    const content = contentOf(change);
    if (content === null) await removeWorkingFile(root, change.path);
    else await writeWorkingFile(root, change.path, { content, mode: change.before?.mode, id });
  }
  const paths = pending.map(({ path }) => path);
  await runGit(['add'], { cwd: root, paths });
  const staged = await stagedPaths(root, paths);
  if (staged.length === 0) return undefined;
  await runGit(['commit', '--quiet', '--only', '--cleanup=whitespace', '--file=-'], {
    cwd: root,
    paths: staged,
    input: message,
    config: { 'i18n.commitEncoding': 'UTF-8' },
  });
  return (await readHead(root)).head;
}
