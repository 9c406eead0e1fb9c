import { isSluiceError } from '../../errors.js';
import { realSleep } from '../bounded-fetch.js';
import type { GithubApi } from '../github/api.js';
import { githubCommitOf } from '../github/github-commit.js';
import { publishCommits } from '../github/publish-commits.js';
import { scratchName } from '../github/scratch-branch.js';
import type { BranchMove, MoveBranches } from './own-branches.js';

/**
 * Returns what moves branches of requests by the API of GitHub, which makes their commits anew and signs them. Each
 * branch goes to its commit in one step, from exactly where it was seen.
 *
 * @param root of the working copy that has the commits as git would push them
 */
export function githubBranches(api: GithubApi, root: string): MoveBranches {
  return async (moves, tell) => {
    const refused = new Map<string, string>();
    for (const move of moves) {
      const reason = await moveOne(api, move, { root, tell });
      if (reason !== undefined) refused.set(move.branch, reason);
    }
    return refused;
  };
}

async function moveOne(
  api: GithubApi,
  { branch, from, to }: BranchMove,
  { root, tell }: { readonly root: string; readonly tell: (text: string) => void },
): Promise<string | undefined> {
  api.renewPatience();
  try {
    if (to === undefined) {
      await api.updateBranches([{ branch, from, to }]);
      return undefined;
    }
    const { base, commit } = await githubCommitOf(root, to);
    const options = { scratch: scratchName(Date.now()), tell, pause: realSleep };
    const outcome = await publishCommits(api, { branch, stands: from, base, commits: [commit] }, options);
    return outcome.kind === 'moved' ? `stale info: ${outcome.reason}` : undefined;
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return error.message;
  }
}
