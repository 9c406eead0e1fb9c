import { isSluiceError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import { blobId, digitsOf, filteredPaths, storeBlob } from './blob.js';
import { assertPaths } from './commit-paths.js';
import { type ImportedChange, importCommits } from './fast-import.js';
import type { CommitPlan } from './plan.js';
import { commitMessage } from './plan.js';
import type { Repository } from './repository.js';
import { assertPlainPath, type TreeEntry, treeEntries } from './tree-entries.js';

/** Commits that are there and that no branch knows yet. */
export interface Chain {
  readonly kind: 'chain';
  /** The last of them; the commit that they stand on where there is none. */
  readonly head: string | undefined;
  /** The commit of each plan, undefined for one that changes nothing. */
  readonly commits: readonly (string | undefined)[];
  /** What the last of them holds under every path that changes; undefined for a file that goes. */
  readonly entries: ReadonlyMap<string, TreeEntry | undefined>;
}

/** What a plan changes in git's own words; nothing where it changes nothing. */
export interface Draft {
  readonly plan: CommitPlan;
  readonly changes: readonly ImportedChange[];
}

/** What chains are made of. */
export interface Drafts {
  readonly kind: 'drafts';
  /** One for each plan. */
  readonly drafts: readonly Draft[];
  readonly entries: Chain['entries'];
}

/** One of the plans cannot become a commit. */
export interface Unfit {
  readonly kind: 'unfit';
  readonly plan: CommitPlan;
  readonly error: Error;
}

/**
 * Makes one commit of each plan, the first on `repository.head`, as objects alone: no branch, no index and no file of
 * the working copy changes. Author, committer and signing are as git's settings have them; modes of files are kept;
 * messages are UTF-8.
 *
 * @param template of the subjects
 * @throws GitError when git fails
 */
export async function makeChain(
  repository: Pick<Repository, 'root' | 'gitDir' | 'head'>,
  plans: readonly CommitPlan[],
  template?: string,
): Promise<Chain | Unfit> {
  const draft = await draftChain(repository, plans);
  if (draft.kind === 'unfit') return draft;
  const { drafts, entries } = draft;
  const made = drafts.filter(({ changes }) => changes.length > 0);
  const ids = await importCommits(
    repository,
    made.map(({ plan, changes }) => ({ message: commitMessage(plan, template), changes })),
  );
  const commits = drafts.map((each) => ids[made.indexOf(each)]);
  return { kind: 'chain', head: ids.at(-1) ?? repository.head, commits, entries };
}

/**
 * Returns what each plan changes, the first on `repository.head` and each other on the one before.
 *
 * @throws GitError when git fails
 */
export async function draftChain(
  repository: Pick<Repository, 'root' | 'gitDir' | 'head'>,
  plans: readonly CommitPlan[],
): Promise<Drafts | Unfit> {
  const { root, head } = repository;
  for (const plan of plans) {
    const error = faultOf(() => assertPaths(plan.changes));
    if (error !== undefined) return { kind: 'unfit', plan, error };
  }
  const digits = await digitsOf(repository);
  const state = new ChainState(
    await treeEntries(
      root,
      head,
      plans.flatMap(({ changes }) => changes.map(({ path }) => path)),
    ),
  );
  const store = await storeOf(root, plans, digits);
  const drafts: Draft[] = [];
  for (const plan of plans) {
    const error = faultOf(() => {
      for (const { path } of plan.changes) assertPlainPath(path, state.entries);
    });
    if (error !== undefined) return { kind: 'unfit', plan, error };
    const changes: ImportedChange[] = [];
    for (const change of plan.changes) changes.push(...state.apply(change.path, await store(change)));
    drafts.push({ plan, changes });
  }
  return { kind: 'drafts', drafts, entries: state.touched };
}

/** Git's name for a content. */
interface Stored {
  readonly id: string;
  /** Undefined where git has it already. */
  readonly content: string | undefined;
}

/** The tree as it stands between two commits of a chain. */
class ChainState {
  readonly touched = new Map<string, TreeEntry | undefined>();

  constructor(readonly entries: Map<string, TreeEntry>) {}

  /** Returns what changes when a path gets this content, nothing where it has it. */
  apply(path: string, stored: Stored | null): ImportedChange[] {
    const before = this.entries.get(path);
    if (stored === null) {
      if (before === undefined) return [];
      this.entries.delete(path);
      this.touched.set(path, undefined);
      return [{ path, entry: undefined, content: undefined }];
    }
    const entry = { mode: before?.mode ?? '100644', id: stored.id };
    if (entry.id === before?.id) return [];
    this.entries.set(path, entry);
    this.touched.set(path, entry);
    return [{ path, entry, content: stored.content }];
  }
}

async function storeOf(root: string, plans: readonly CommitPlan[], digits: number) {
  const written = plans.flatMap(({ changes }) => changes.filter(({ content }) => content !== null));
  const filtered = await filteredPaths(root, [...new Set(written.map(({ path }) => path))]);
  return async ({ path, content: text }: FileChange): Promise<Stored | null> => {
    if (text === null) return null;
    const content = Buffer.from(text);
    // Line ends are git's to decide on, by attributes and core.autocrlf.
    const plain = !filtered.has(path) && !content.includes('\r');
    if (plain) return { content: text, id: blobId(content, digits) };
    return { content: undefined, id: await storeBlob(root, path, content) };
  };
}

function faultOf(check: () => void): Error | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (isSluiceError(error)) return error;
    throw error;
  }
}
