import { isSluiceError } from '../../errors.js';
import type { GithubApi, GithubCommit } from './api.js';
import { isMoved, isUnclear } from './failure.js';

/** Commits for a branch. */
export interface GithubChain {
  readonly branch: string;
  /** Where the first of them goes. */
  readonly base: string;
  /**
   * Where the branch has to stand; undefined for one that is not there yet. Elsewhere than at `base`, it loses what it
   * holds. @default base
   */
  readonly stands?: string | undefined;
  /** At least one. */
  readonly commits: readonly GithubCommit[];
}

/** What a chain is published with. */
export interface ChainOptions {
  /** Of the branch on which the commits are made; nobody else knows it. */
  readonly scratch: string;
  /** Where it says what it left. */
  readonly tell: (text: string) => void;
  /** Between two tries, in milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** What became of a chain. */
export type GithubOutcome =
  | { readonly kind: 'published'; readonly head: string; readonly commits: readonly string[] }
  | { readonly kind: 'moved'; readonly reason: string };

const mostTries = 4;
const firstPause = 100;

/**
 * Makes the commits on a scratch branch, and then moves the branch there if it still stands where it is to, in one step
 * with the end of the scratch branch: whether that is gone says for sure whether the step was done. What GitHub gave
 * no answer to is looked up before it is tried again.
 *
 * @throws GitError when GitHub refuses, or cannot be asked what it took
 */
export async function publishCommits(
  api: GithubApi,
  chain: GithubChain,
  options: ChainOptions,
): Promise<GithubOutcome> {
  const { branch, base } = chain;
  const stands = 'stands' in chain ? chain.stands : base;
  const tip = await api.tip(branch);
  if (tip !== stands) return { kind: 'moved', reason: `${branch} is now ${tip ?? 'gone'}` };
  const commits: string[] = [];
  const move: Move = { branch, stands, force: stands !== base, head: base, mayBeDone: false };
  const published = (): GithubOutcome => ({ kind: 'published', head: move.head, commits });
  let outcome: GithubOutcome;
  await createScratch(api, base, options);
  try {
    for (const commit of chain.commits) {
      move.head = await commitOnce(api, { commit, expected: move.head }, options);
      commits.push(move.head);
    }
    const reason = await moveBranch(api, move, options);
    if (reason === undefined) return published();
    outcome = { kind: 'moved', reason };
  } catch (error) {
    const wasThere = await removeScratch(api, options);
    if (wasThere || !move.mayBeDone) throw error;
    return published();
  }
  const wasThere = await removeScratch(api, options);
  return wasThere || !move.mayBeDone ? outcome : published();
}

async function createScratch(api: GithubApi, base: string, options: ChainOptions): Promise<void> {
  const { scratch, pause } = options;
  for (let tries = 1; ; tries++) {
    try {
      return await api.createBranch(scratch, base);
    } catch (error) {
      // From the second try on, that it is there already is good news.
      if (!isUnclear(error) && tries === 1) throw error;
      const tip = await lookAt(api, scratch, error).catch(() => undefined);
      if (tip === base) return;
      if (!isUnclear(error) || tries === mostTries) {
        await removeScratch(api, options);
        throw error;
      }
      await pause(firstPause * 2 ** tries);
    }
  }
}

interface OneCommit {
  readonly commit: GithubCommit;
  readonly expected: string;
}

/** Of all tries on one commit GitHub takes one: the others expect what is no longer there. */
async function commitOnce(
  api: GithubApi,
  { commit, expected }: OneCommit,
  { scratch, pause }: ChainOptions,
): Promise<string> {
  let mayBeDone = false;
  for (let tries = 1; ; tries++) {
    try {
      return await api.commit(scratch, expected, commit);
    } catch (error) {
      // A branch that is a moment old may not be known everywhere.
      if (!isUnclear(error) && !isMoved(error)) throw error;
      mayBeDone ||= isUnclear(error);
      const tip = await lookAt(api, scratch, error);
      if (mayBeDone && tip !== undefined && tip !== expected) return tip;
      if (tries === mostTries) throw error;
      await pause(firstPause * 2 ** tries);
    }
  }
}

interface Move {
  readonly branch: string;
  readonly stands: string | undefined;
  readonly force: boolean;
  head: string;
  /** Whether GitHub may have done it without an answer. */
  mayBeDone: boolean;
}

/** Returns why the branch was not moved where somebody else has moved it. */
async function moveBranch(api: GithubApi, move: Move, { scratch, pause }: ChainOptions): Promise<string | undefined> {
  const { branch, stands, force, head } = move;
  for (let tries = 1; ; tries++) {
    try {
      await api.updateBranches([
        { branch, from: stands, to: head, force },
        { branch: scratch, from: head, to: undefined },
      ]);
      return undefined;
    } catch (error) {
      move.mayBeDone ||= isUnclear(error);
      if (move.mayBeDone && (await lookAt(api, scratch, error)) === undefined) return undefined;
      const tip = await lookAt(api, branch, error);
      if (tip !== stands) return `${branch} is now ${tip ?? 'gone'}`;
      if (isMoved(error)) return `${branch} was moved: ${(error as Error).message}`;
      if (!isUnclear(error) || tries === mostTries) throw error;
      await pause(firstPause * 2 ** tries);
    }
  }
}

/** @throws the failure that made us look, which says more than a second one */
async function lookAt(api: GithubApi, branch: string, failure: unknown): Promise<string | undefined> {
  if (!isSluiceError(failure)) throw failure;
  return api.tip(branch).catch(() => {
    throw failure;
  });
}

/** Returns false where it is known not to be there. One that is left over is in nobody's way. */
async function removeScratch(api: GithubApi, { scratch, tell }: ChainOptions): Promise<boolean> {
  try {
    return await api.deleteBranch(scratch);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    tell(`the branch ${scratch} may be left on GitHub, where it can be deleted: ${error.message}\n`);
    return true;
  }
}
