import { type Closed, closeMoot } from './close-moot.js';
import { type BranchMove, fetchOwnBranches, pushBranches } from './own-branches.js';
import { type Prepared, prepare, type RequestOutcome } from './propose.js';
import { requestBranch } from './request-branch.js';
import type { Settling, Wanted } from './settling.js';

/** What became of the requests of a pass. */
export interface Settlement {
  /** In the order of what is wanted. */
  readonly outcomes: readonly RequestOutcome[];
  readonly closed: readonly Closed[];
}

/**
 * Brings the requests on a server to what a pass wants: one open request for each decision that waits, none for what is
 * moot. What a person did to them stands: a request that was closed is not opened again for the same decision, and a
 * branch that somebody else pushed to is left alone.
 *
 * @throws GitError when the server of git cannot be asked at all
 */
export async function settleRequests(wanted: readonly Wanted[], settling: Settling): Promise<Settlement> {
  const { repository, remote, allowance } = settling;
  const branches = await fetchOwnBranches(repository, remote);
  const prepared: Prepared[] = [];
  for (const each of wanted) prepared.push(await prepare(each, branches.get(branchOf(each, settling)), settling));

  const needed = new Map(prepared.map(({ branch, needless }) => [branch, needless] as const));
  const { closed, deletions } = await closeMoot(branches, needed, settling);
  const moves = [...prepared.flatMap(({ move }) => move ?? []), ...deletions];
  if (moves.length > 0) await allowance?.spend({ pushes: 1, writes: 0 });
  const refused = await pushBranches(repository, remote, moves);
  tellOfLeft(moves, refused, settling);

  const outcomes: RequestOutcome[] = [];
  for (const { branch, finish } of prepared) outcomes.push(await finish(refused.get(branch)));
  const writes = outcomes.filter(isWritten).length + closed.length;
  if (writes > 0) await allowance?.spend({ pushes: 0, writes });
  return { outcomes, closed };
}

function isWritten(outcome: RequestOutcome): boolean {
  return outcome.kind === 'waiting' && outcome.news !== 'unchanged';
}

function branchOf({ release }: Wanted, { repository }: Settling): string {
  return requestBranch(release, repository.prefix);
}

/** A deletion that the server refused is tried again by the next pass. */
function tellOfLeft(moves: readonly BranchMove[], refused: ReadonlyMap<string, string>, { tell }: Settling): void {
  for (const { branch, to } of moves) {
    const reason = refused.get(branch);
    if (to === undefined && reason !== undefined) tell(`the branch ${branch} was not deleted: ${reason}\n`);
  }
}
