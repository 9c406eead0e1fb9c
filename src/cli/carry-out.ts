import type { Failure, PassResult, ReleaseState } from '../evaluate/pass.js';
import type { Outcome } from '../gitops/proposal.js';
import { addTo, emptySum, mend, type PassProposal, proposalsOf, type Sum } from './evaluate-proposals.js';
import type { WouldWait } from './evaluate-report.js';
import type { Io } from './io.js';
import { type Requested, rendersByRequest, settleWaiting, waits } from './pull-requests.js';
import { type StaleRelease, staleReleases } from './stale.js';
import type { ReleaseEntry, Workspace } from './workspace.js';
import type { Session } from './writer.js';

/** What a pass has found out, and what it is about. */
export interface Looked {
  readonly found: PassResult;
  readonly states: readonly ReleaseState[];
  /** Of releases that could not be read. */
  readonly failures: readonly Failure[];
  readonly entries: readonly ReleaseEntry[];
  readonly selected: readonly ReleaseEntry[];
  /** The release that was named; undefined for all. */
  readonly argument: string | undefined;
  readonly dryRun: boolean;
}

/** What came of a pass. */
export interface CarriedOut {
  readonly report: Sum;
  readonly requests: Omit<Requested, 'outcomes'>;
}

/** Commits what a pass has decided and what is to be rendered, or opens requests for what waits. */
export async function carryOut(session: Session, looked: Looked, io: Io): Promise<CarriedOut> {
  const { found, failures, entries, selected, argument, dryRun } = looked;
  const { workspace } = session;
  const { straight, waiting } = await proposalsBy(workspace, looked);
  const report = emptySum();
  report.failures.push(...failures, ...found.failures);
  addTo(report, straight, await session.publish(straight));
  if (dryRun) {
    addTo(report, waiting, (await session.publish(waiting)).map(wouldWait));
    return { report, requests: { closed: [], warnings: [], failures: [] } };
  }
  const renderedAll = rendersByRequest(workspace) || argument === undefined;
  const passed = {
    waiting: waiting.map(session.guard),
    decisions: found.decisions,
    entries,
    selected,
    renderedAll,
    failures: [...report.failures],
  };
  const requests = await settleWaiting(workspace, passed, io);
  report.failures.push(...requests.failures);
  addTo(report, passed.waiting, requests.outcomes);
  return { report, requests };
}

interface Proposals {
  readonly straight: readonly PassProposal[];
  /** For the merge of a request. */
  readonly waiting: readonly PassProposal[];
}

async function proposalsBy(
  workspace: Workspace,
  { found, states, entries, selected, argument }: Looked,
): Promise<Proposals> {
  const decided = proposalsOf(workspace, found.decisions, states);
  const straight = decided.filter((each) => !waits(workspace, each));
  const waiting = decided.filter((each) => waits(workspace, each));
  const byRequest = rendersByRequest(workspace);
  // One request is for all that is rendered, whatever release was named.
  const isMeant = (id: string) => byRequest || argument === undefined || selected.some((entry) => entry.id === id);
  const done = new Set(straight.map(({ release }) => release));
  const mended = (await stale(workspace, entries, { decided: done, isMeant })).map(mend);
  return byRequest ? { straight, waiting: [...waiting, ...mended] } : { straight: [...straight, ...mended], waiting };
}

function wouldWait(outcome: Outcome): Outcome | WouldWait {
  return outcome.kind === 'planned' ? { kind: 'would wait' } : outcome;
}

async function stale(
  workspace: Workspace,
  entries: readonly ReleaseEntry[],
  { decided, isMeant }: { readonly decided: ReadonlySet<string>; readonly isMeant: (id: string) => boolean },
): Promise<StaleRelease[]> {
  if (workspace.project.render === 'helm') {
    const { staleCharts } = await import('./charts.js');
    return staleCharts(workspace, entries, isMeant);
  }
  // A release that is decided on renders itself, or stays as it is where that failed; nothing unjudged gets out here.
  return staleReleases(workspace, entries, (id) => !decided.has(id) && isMeant(id));
}
