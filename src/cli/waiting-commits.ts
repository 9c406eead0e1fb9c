import { isSluiceError } from '../errors.js';
import type { Decision } from '../evaluate/decision.js';
import { hash, identityOf } from '../evaluate/identity.js';
import type { CommitPlan } from '../gitops/plan.js';
import { rehearse } from '../gitops/plan-proposals.js';
import type { Outcome } from '../gitops/proposal.js';
import { renderedBranch, requestBranch } from '../gitops/pull-requests/request-branch.js';
import type { Wanted } from '../gitops/pull-requests/settling.js';
import { renderingBody } from '../reports/pull-request.js';
import type { Mended, PassProposal, Proposed } from './evaluate-proposals.js';
import { bodyOf, type RequestGround, remarksOn } from './request-body.js';

/** Where the commits are to be merged. */
export interface WaitingGround extends RequestGround {
  /** Of the workspace in its repository. */
  readonly prefix: string;
}

/** Returns for each proposal the commit that waits for it, which renderings share; or why there is none. */
export function waitingCommits(
  proposals: readonly PassProposal[],
  ground: WaitingGround,
): ReadonlyMap<PassProposal, Wanted | Outcome> {
  const mended = proposals.filter((each) => each.kind === 'rendering');
  const decided = proposals.filter((each) => each.kind === 'decision');
  return new Map<PassProposal, Wanted | Outcome>([
    ...decided.map((each) => [each, decisionCommit(each, ground)] as const),
    ...renderingCommit(mended, ground),
  ]);
}

function decisionCommit(proposal: Proposed, ground: WaitingGround): Wanted | Outcome {
  const { release, urgent, decision } = proposal;
  const [planned = { kind: 'unchanged' as const }] = rehearse([proposal], ground.read);
  if (planned.kind !== 'planned') return planned;
  const { plan } = planned;
  try {
    const body = bodyOf({ ...decision, remarks: remarksOn(decision) }, plan, ground);
    return { branch: requestBranch(release, ground.prefix), plan, key: decisionKey(decision, ground), urgent, body };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { kind: 'failed', error };
  }
}

/** One request is enough for what follows from the values. */
function renderingCommit(mended: readonly Mended[], ground: WaitingGround): [Mended, Wanted | Outcome][] {
  const outcomes = rehearse(mended, ground.read);
  const found = mended.flatMap((each, index): { each: Mended; plan: CommitPlan }[] => {
    const outcome = outcomes[index];
    return outcome?.kind === 'planned' ? [{ each, plan: outcome.plan }] : [];
  });
  // Each is planned on those before it: the last one that writes a file has it as it is to be.
  const changes = new Map(found.flatMap(({ plan }) => plan.changes.map((change) => [change.path, change] as const)));
  const [first] = found;
  const { project } = ground.workspace;
  const folder = project.render === 'manifests' ? project.rendered : project.releases;
  const together: CommitPlan = {
    ...{ release: folder, summary: `bring ${found.length} folders up to date`, trailers: {} },
    ...(found.length === 1 && first?.plan),
    changes: [...changes.values()],
  };
  const wanted: Wanted = {
    branch: renderedBranch(ground.prefix),
    plan: together,
    key: hexadecimal(JSON.stringify(together.changes)),
    urgent: false,
    body: renderingBody(found.map(({ each }) => each)),
  };
  return mended.map((each, index) => {
    const outcome = outcomes[index] ?? { kind: 'unchanged' };
    return [each, outcome.kind === 'planned' ? wanted : outcome];
  });
}

/**
 * Returns what tells one decision from another: what it does to which candidate, as which step. The evidence is no part
 * of it, since there is more of it every minute.
 */
function decisionKey({ release, kind, candidate, change }: Decision, ground: WaitingGround): string {
  const { identity, iteration } = change?.status ?? {};
  const { edits, adds, removes } = change ?? {};
  const copied = adds && copiedIn(release, adds, ground);
  return hexadecimal(JSON.stringify({ kind, candidate, identity, iteration, edits, adds, removes, copied }));
}

/** What a fresh baseline is made of: the primary as it is, at the size of the candidate as it is. */
function copiedIn(id: string, { beside }: { readonly beside: string }, { entries }: WaitingGround): unknown {
  const loaded = entries.find((entry) => entry.id === id)?.loaded;
  if (loaded === undefined || isSluiceError(loaded)) return undefined;
  return [loaded.release.model.primary, beside].map((name) => identityOf(loaded, name));
}

/** Returns the hash of a text as the key of a request. */
export function hexadecimal(text: string): string {
  return hash(text).replace('sha256:', '');
}
