import { isSluiceError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import type { Published } from './backend.js';
import type { Chain } from './chain.js';
import { follow } from './follow.js';
import { askGit, runGit } from './git.js';
import { inParallel } from './in-parallel.js';
import { closeJournal, type Journal, openJournal } from './journal.js';
import { moveBranch } from './move-branch.js';
import { contentOf, journalOf, type PendingChange, pathsLeftOut } from './pending-change.js';
import type { CommitPlan } from './plan.js';
import { assertClean, type Repository, readHead } from './repository.js';
import { closeAndThrow, settleAfter } from './settle-after.js';
import { readWorkingFile, removeWorkingFile, writeWorkingFile } from './working-tree.js';

/** Plans and the commits that were made of them. */
interface Made {
  readonly plans: readonly CommitPlan[];
  readonly chain: Chain;
}

/**
 * Makes a chain of commits the tip of the branch that is checked out: files and index entries under the journal, then
 * the branch by one compare-and-swap. Whatever else is staged or modified stays so; on failure all is put back.
 *
 * @throws GitError when another process is writing, or git refuses
 */
export async function adoptChain(repository: Repository, { plans, chain }: Made): Promise<Published> {
  const { head, commits } = chain;
  if (head === undefined || head === repository.head) return { kind: 'published', head, commits };
  const lock = await openJournal(repository);
  const close = (error: unknown) => closeAndThrow(repository, lock, error);
  const found = await look(repository, { plans, chain }).catch(close);
  if ('kind' in found) {
    await closeJournal(repository, lock);
    return found;
  }
  try {
    if (found.isSparse) {
      await closeJournal(repository, lock);
      await follow(repository, head);
    } else {
      const journal = await journalOf(repository, lock, found.pending).catch(close);
      await carryOut(repository, { chain, journal, pending: found.pending });
      await closeJournal(repository, journal);
    }
  } catch (error) {
    if (isSluiceError(error) && error.code === 'git/moved') return { kind: 'moved', reason: error.message };
    throw error;
  }
  // As git does after a commit; it does nothing until there is much to tidy up.
  await askGit(['gc', '--auto', '--quiet'], { cwd: repository.root });
  return { kind: 'published', head, commits };
}

interface Writing {
  readonly chain: Chain;
  readonly journal: Journal;
  readonly pending: readonly PendingChange[];
}

async function carryOut(repository: Repository, { chain, journal, pending }: Writing): Promise<void> {
  try {
    await write(repository, pending, journal.id);
    await stage(repository, chain);
    await moveBranch(repository, { from: repository.head, to: chain.head ?? '' });
  } catch (error) {
    await settleAfter(repository, journal, error);
  }
}

/** The files that a chain changes. */
interface Found {
  /** As they are now, beside what they become. */
  readonly pending: readonly PendingChange[];
  /** Whether some are not checked out: git itself knows how to bring such a working copy to a commit. */
  readonly isSparse: boolean;
}

/** Returns the files, or why nothing may be written. */
async function look(repository: Repository, { plans, chain }: Made): Promise<Found | Published> {
  const { root, branch, head } = repository;
  const now = await readHead(root);
  if (now.head !== head || now.branch !== branch) {
    return { kind: 'moved', reason: `HEAD is now ${now.head ?? 'unborn'}` };
  }
  const last = new Map(plans.flatMap(({ changes }) => changes.map((change) => [change.path, change])));
  const changes = [...last.values()].filter(({ path }) => chain.entries.has(path));
  try {
    return await filesOf(repository, changes);
  } catch (error) {
    return { kind: 'unfit', ...(await blame(repository, plans, error)) };
  }
}

/** @throws GitError when a file differs from HEAD, is no plain one, or is none that git sees */
async function filesOf(repository: Repository, changes: readonly FileChange[]): Promise<Found> {
  await assertClean(
    repository,
    changes.map(({ path }) => path),
  );
  const pending = await inParallel(changes, async (change): Promise<PendingChange> => {
    return { ...change, before: await readWorkingFile(repository.root, change.path) };
  });
  const unseen = await pathsLeftOut(repository, pending);
  return { pending, isSparse: unseen.length > 0 };
}

/** Finds the first plan that is the reason: the others may go without it. */
async function blame(repository: Repository, plans: readonly CommitPlan[], error: unknown) {
  for (const plan of plans) {
    const own = await filesOf(repository, plan.changes).then(
      () => undefined,
      (each: unknown) => each,
    );
    if (isSluiceError(own)) return { plan, error: own };
  }
  throw error;
}

async function write({ root }: Repository, pending: readonly PendingChange[], id: string): Promise<void> {
  // What goes makes room for what comes: a file may become a folder.
  for (const { path } of pending.filter(({ content }) => content === null)) await removeWorkingFile(root, path);
  await inParallel(
    pending.filter(({ content }) => content !== null),
    async (change) => {
      const content = contentOf(change) ?? Buffer.alloc(0);
      await writeWorkingFile(root, change.path, { content, mode: change.before?.mode, id });
    },
  );
}

/** Only our entries: what a person has staged beside them stays. */
async function stage({ root }: Repository, { head = '', entries }: Chain): Promise<void> {
  const gone = `0 ${'0'.repeat(head.length)}`;
  // What goes makes room for what comes.
  const ordered = [...entries].sort(([, a], [, b]) => Number(a !== undefined) - Number(b !== undefined));
  const lines = ordered.map(([path, entry]) => `${entry ? `${entry.mode} ${entry.id}` : gone}\t${path}\0`);
  await runGit(['update-index', '-z', '--index-info'], { cwd: root, input: lines.join('') });
}
