import { isSluiceError } from '../../errors.js';
import { withdrawn } from './body-mark.js';
import type { BranchMove } from './own-branches.js';
import { isOurs, type RequestName } from './propose.js';
import { requestBranch } from './request-branch.js';
import { readBranchCommit } from './seal.js';
import type { Settling } from './settling.js';

/** A request that was closed since nothing is left to decide on. */
export interface Closed extends RequestName {
  readonly release: string;
  /** The end of a sentence. */
  readonly reason: string;
}

/**
 * Closes the requests that are moot, each with a comment that says why. What a person pushed to stays.
 *
 * @param needed the branches that something waits on, with the reason where that turned out to be nothing
 * @returns them, and the branches that may go
 */
export async function closeMoot(
  branches: ReadonlyMap<string, string>,
  needed: ReadonlyMap<string, string | undefined>,
  settling: Settling,
): Promise<{ readonly closed: readonly Closed[]; readonly deletions: readonly BranchMove[] }> {
  const closed: Closed[] = [];
  const deletions: BranchMove[] = [];
  for (const [branch, tip] of branches) {
    if (needed.has(branch) && needed.get(branch) === undefined) continue;
    const moot = await mootOf(branch, { tip, reason: needed.get(branch) }, settling);
    if (moot === undefined) continue;
    try {
      const done = await close({ branch, ...moot }, settling);
      if (done !== undefined) closed.push(done);
      deletions.push({ branch, from: tip, to: undefined });
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      settling.tell(`the request for ${moot.release} was not closed: ${error.message}\n`);
    }
  }
  return { closed, deletions };
}

interface Moot {
  readonly release: string;
  readonly reason: string;
}

/** Returns why a branch is moot; undefined where it is not, or is not ours to say. */
async function mootOf(
  branch: string,
  { tip, reason }: { readonly tip: string; readonly reason: string | undefined },
  settling: Settling,
): Promise<Moot | undefined> {
  const commit = await readBranchCommit(settling.repository.root, tip);
  const { repository, releases } = settling;
  const isFor = (release: string) => requestBranch(release, repository.prefix) === branch;
  // Of a release that is gone, the commit alone still tells which it was.
  const release = releases.find(isFor) ?? settling.releaseAt(commit.paths);
  if (release === undefined || !isFor(release)) return undefined;
  const why = reason ?? settling.whyMoot(release);
  if (why === undefined) return undefined;
  if (await isOurs(commit, settling)) return { release, reason: why };
  settling.tell(`${branch} is moot (${why}), and is left alone: it holds a commit that sluice did not make\n`);
  return undefined;
}

async function close(
  { branch, release, reason }: Moot & { readonly branch: string },
  { host }: Settling,
): Promise<Closed | undefined> {
  const open = (await host.requestsOf(branch)).find(({ state }) => state === 'open');
  if (open === undefined) return undefined;
  const { number, title, body, url } = open;
  // The mark goes first: that we closed it must not be taken for a person's no.
  await host.update(number, { title, body: withdrawn(body), close: true });
  await host.comment(number, `sluice closed this: ${reason}.`);
  return { name: host.nameOf(number), url, release, reason };
}
