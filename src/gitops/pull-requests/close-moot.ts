import { isSluiceError } from '../../errors.js';
import { withdrawn } from './body-mark.js';
import type { PullRequest } from './host.js';
import type { BranchMove } from './own-branches.js';
import type { RequestName } from './propose.js';
import { isOurs, readBranchCommit } from './seal.js';
import type { Moot, Settling } from './settling.js';

/** A request that was closed since nothing waits on it any more. */
export interface Closed extends RequestName, Moot {}

/**
 * Closes the requests that are moot, each with a comment that says why. What a person pushed to, or commanded, stays.
 *
 * @param branches that nothing waits on, with the commits that they end with
 * @returns them, and the branches that may go
 */
export async function closeMoot(
  branches: ReadonlyMap<string, string>,
  settling: Settling,
): Promise<{ readonly closed: readonly Closed[]; readonly deletions: readonly BranchMove[] }> {
  const { repository, mootOf, tell } = settling;
  const closed: Closed[] = [];
  const deletions: BranchMove[] = [];
  if (mootOf === undefined) return { closed, deletions };
  for (const [branch, tip] of branches) {
    const commit = await readBranchCommit(repository.root, tip);
    const moot = mootOf(branch, commit.paths);
    if (moot === undefined) continue;
    if (!(await isOurs(commit, repository))) {
      tell(`${branch} is moot (${moot.reason}), and is left alone: it holds a commit that sluice did not make\n`);
      continue;
    }
    try {
      if (commit.command !== undefined && (await openOn(branch, settling))) continue;
      const request = await close(branch, moot.reason, settling);
      if (request !== undefined) closed.push({ ...request, ...moot });
      deletions.push({ branch, from: tip, to: undefined });
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      tell(`the request for ${moot.release} was not closed: ${error.message}\n`);
    }
  }
  return { closed, deletions };
}

async function close(
  branch: string,
  reason: string,
  { host }: Pick<Settling, 'host'>,
): Promise<RequestName | undefined> {
  const open = await openOn(branch, { host });
  if (open === undefined) return undefined;
  const { number, title, body, url } = open;
  // The mark goes first: that we closed it must not be taken for a person's no.
  await host.update(number, { title, body: withdrawn(body), close: true });
  await host.comment(number, `sluice closed this: ${reason}.`);
  return { name: host.nameOf(number), url };
}

async function openOn(branch: string, { host }: Pick<Settling, 'host'>): Promise<PullRequest | undefined> {
  return (await host.requestsOf(branch)).find(({ state }) => state === 'open');
}
