import { isSluiceError } from '../../errors.js';
import { type Closed, closeMoot } from './close-moot.js';
import { type BranchMove, fetchOwnBranches } from './own-branches.js';
import { carryOut, type Examined, examine, type RequestOutcome } from './propose.js';
import type { Settling, Wanted } from './settling.js';

/** What became of the requests of a pass. */
export interface Settlement {
  /** In the order of what is wanted. */
  readonly outcomes: readonly RequestOutcome[];
  readonly closed: readonly Closed[];
}

/**
 * Brings the requests on a server to what a pass wants: one open request for each commit that waits, none for what is
 * moot. What a person did to them stands: a request that was closed is not opened again for the same decision, and a
 * branch that somebody else pushed to is left alone.
 *
 * @throws GitError when the server of git cannot be asked at all
 */
export async function settleRequests(wanted: readonly Wanted[], settling: Settling): Promise<Settlement> {
  const { repository, remote, allowance } = settling;
  const branches = await fetchOwnBranches(repository, remote);
  const examined: (Examined | RequestOutcome)[] = [];
  for (const each of wanted) {
    examined.push(await orFailed(() => examine(each, branches.get(each.branch), settling)));
    branches.delete(each.branch);
  }
  const { closed, deletions } = await closeMoot(branches, settling);
  const moves = [...examined.flatMap((each) => (each.kind === 'examined' ? (each.move ?? []) : [])), ...deletions];
  if (moves.length > 0) await allowance?.spend({ pushes: 1, writes: 0 });
  const refused = await settling.moveBranches(moves, settling.tell);
  tellOfLeft(moves, refused, settling);

  const outcomes: RequestOutcome[] = [];
  for (const [index, each] of wanted.entries()) {
    const found = examined[index];
    if (found?.kind !== 'examined') outcomes.push(found ?? { kind: 'unchanged' });
    else outcomes.push(await orFailed(() => carryOut(each, found, refused.get(each.branch), settling)));
  }
  const writes = outcomes.filter(isWritten).length + closed.length;
  if (writes > 0) await allowance?.spend({ pushes: 0, writes });
  return { outcomes, closed };
}

/** What goes wrong with one request stops no other one. */
async function orFailed<Result>(work: () => Promise<Result>): Promise<Result | RequestOutcome> {
  try {
    return await work();
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { kind: 'failed', error };
  }
}

function isWritten(outcome: RequestOutcome): boolean {
  return outcome.kind === 'waiting' && outcome.news !== 'unchanged';
}

/** A deletion that the server refused is tried again by the next pass. */
function tellOfLeft(moves: readonly BranchMove[], refused: ReadonlyMap<string, string>, { tell }: Settling): void {
  for (const { branch, to } of moves) {
    const reason = refused.get(branch);
    if (to === undefined && reason !== undefined) tell(`the branch ${branch} was not deleted: ${reason}\n`);
  }
}
