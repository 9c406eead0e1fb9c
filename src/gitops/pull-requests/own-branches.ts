import { gitFailure, runGit } from '../git.js';
import type { Remote } from '../remote.js';
import type { Repository } from '../repository.js';
import { branchPrefix } from './request-branch.js';

/** Returns the branches of requests that the server has, by their names, with the commits that they end with. */
export async function fetchOwnBranches({ root }: Repository, remote: Remote): Promise<Map<string, string>> {
  const here = `refs/remotes/${remote.name}/${branchPrefix}`;
  const args = ['fetch', '--quiet', '--prune', '--no-tags', '--no-recurse-submodules', remote.name];
  const answer = await remote.ask([...args, `+refs/heads/${branchPrefix}*:${here}*`]);
  if (answer.status !== 0) throw gitFailure(answer, { command: 'fetch', cwd: root });
  const listing = await runGit(['for-each-ref', '--format=%(refname) %(objectname)', here], { cwd: root });
  const lines = listing.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [name = '', commit = ''] = line.split(' ');
      return [`${branchPrefix}${name.slice(here.length)}`, commit];
    }),
  );
}

/** A branch of a request that is to be moved or deleted, if it still stands where it was seen. */
export interface BranchMove {
  readonly branch: string;
  /** Undefined where there was none. */
  readonly from: string | undefined;
  /** Undefined to delete it. */
  readonly to: string | undefined;
}

/**
 * Moves branches of requests, and returns why one was not moved, by its name.
 *
 * @param tell hears of what is left on the server
 * @throws GitError when the server cannot be asked at all
 */
export type MoveBranches = (
  moves: readonly BranchMove[],
  tell: (text: string) => void,
) => Promise<ReadonlyMap<string, string>>;

/**
 * Moves branches of requests by one push, each with an exact lease of its own: a commit that somebody else pushed to
 * one of them meanwhile stays.
 *
 * @returns why a branch was not moved, by its name
 * @throws GitError when the server cannot be asked at all
 */
export async function pushBranches(
  { root }: Repository,
  remote: Remote,
  moves: readonly BranchMove[],
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  if (moves.length === 0) return refused;
  const leases = moves.map(({ branch, from }) => `--force-with-lease=refs/heads/${branch}:${from ?? ''}`);
  const refs = moves.map(({ branch, to }) => `${to ?? ''}:refs/heads/${branch}`);
  const options = ['--porcelain', '--no-follow-tags', '--recurse-submodules=no'];
  const answer = await remote.ask(['push', ...options, ...leases, remote.name, ...refs]);
  for (const [, ref = '', reason = ''] of answer.stdout.matchAll(/^!\t[^\t]*:refs\/heads\/([^\t]+)\t(.*)$/gm)) {
    refused.set(ref, reason);
  }
  if (answer.status !== 0 && refused.size === 0) throw gitFailure(answer, { command: 'push', cwd: root });
  return refused;
}
