import { GitError, isSluiceError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import { runGit } from './git.js';
import { stagedPaths } from './head-differences.js';
import { closeJournal, type Journal, openJournal, recordFiles } from './journal.js';
import { type CommitPlan, commitMessage } from './plan.js';
import { settle } from './recover.js';
import { assertClean, type Repository, readHead } from './repository.js';
import { assertRepositoryPath } from './repository-path.js';
import {
  digestOf,
  missingFolders,
  readWorkingFile,
  removeWorkingFile,
  type WorkingFile,
  writeWorkingFile,
} from './working-tree.js';

/** A change of a plan that really changes something, beside the file as it is. */
interface PendingChange extends FileChange {
  readonly before: WorkingFile | undefined;
}

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
export async function commitLocally(repository: Repository, plan: CommitPlan): Promise<string | undefined> {
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
    commit = await writeAndCommit(repository, pending, { message: commitMessage(plan), id: journal.id });
  } catch (error) {
    commit = await settleAfter(repository, journal, error);
  }
  await closeJournal(repository, journal);
  return commit;
}

function assertPaths(changes: readonly FileChange[]): void {
  const seen = new Set<string>();
  for (const { path } of changes) {
    assertRepositoryPath(path);
    if (seen.has(path)) {
      throw new GitError(`Cannot commit ${path} as one change: the plan changes it twice`, {
        code: 'git/twice',
        path,
        hint: 'Check in sluice.yaml that no two releases or folders write the same file.',
      });
    }
    seen.add(path);
  }
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
  await assertTracked(repository, pending);
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

/** Refuses files that git does not see as they are: ignored ones, and those outside a sparse checkout. */
async function assertTracked({ root }: Repository, pending: readonly PendingChange[]): Promise<void> {
  if (pending.length === 0) return;
  const paths = pending.map(({ path }) => path);
  const listed = await runGit(['ls-files', '-z', '--cached'], { cwd: root, paths });
  const tracked = new Set(listed.split('\0'));
  const odd = pending.find(({ path, before }) => tracked.has(path) !== (before !== undefined));
  if (odd === undefined) return;
  const current = odd.before === undefined ? 'it is not checked out' : 'git ignores it';
  throw new GitError(`Cannot change ${odd.path} as a file of the repository: ${current}`, {
    code: 'git/not-tracked',
    path: odd.path,
    hint:
      odd.before === undefined
        ? 'Add it to the sparse checkout: git sparse-checkout add FOLDER'
        : 'Take it out of .gitignore and commit it, or move it away.',
  });
}

async function journalOf(repository: Repository, lock: Journal, pending: readonly PendingChange[]): Promise<Journal> {
  const folders = new Set<string>();
  for (const { path, content } of pending) {
    if (content === null) continue;
    for (const folder of await missingFolders(repository.root, path)) folders.add(folder);
  }
  const files = pending.map((change) => ({
    path: change.path,
    before: change.before ? { content: change.before.content.toString('base64'), mode: change.before.mode } : null,
    after: digestOf(contentOf(change)),
  }));
  const journal = { ...lock, folders: [...folders], files };
  await recordFiles(repository, journal);
  return journal;
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

/** Undoes what a failed commit wrote. git may fail after the commit is made: then it counts. */
async function settleAfter(repository: Repository, journal: Journal, error: unknown): Promise<string | undefined> {
  let outcome: string;
  try {
    outcome = await settle(repository, journal);
  } catch (second) {
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

async function closeAndThrow(repository: Repository, journal: Journal, error: unknown): Promise<never> {
  await closeJournal(repository, journal);
  throw error;
}

function contentOf({ content }: FileChange): Buffer | null {
  return content === null ? null : Buffer.from(content);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
