import { isSluiceError } from '../errors.js';
import type { Allowance } from './budget.js';
import type { CommitPlan } from './plan.js';
import { type Files, type Outcome, Overtaken, type Proposal } from './proposal.js';

/** A proposal and the commit that it came to. */
export interface Planned {
  readonly proposal: Proposal;
  readonly plan: CommitPlan;
}

/** What plans are made from, and where it is noted what became of those that are no commit. */
export interface Planning {
  readonly read: Files['read'];
  readonly outcomes: Map<Proposal, Outcome>;
  readonly allowance: Allowance | undefined;
}

/** Returns what the proposals would come to, without writing anything. */
export function rehearse(proposals: readonly Proposal[], read: Files['read']): Outcome[] {
  const outcomes = new Map<Proposal, Outcome>();
  const planned = planAll(proposals, { read, outcomes, allowance: undefined });
  for (const { proposal, plan } of planned) outcomes.set(proposal, { kind: 'planned', plan });
  return proposals.map((proposal) => outcomes.get(proposal) ?? { kind: 'unchanged' });
}

/** Plans the proposals one on the other; what is no commit gets its outcome. */
export function planAll(proposals: readonly Proposal[], { read, outcomes, allowance }: Planning): Planned[] {
  const planned: Planned[] = [];
  const changed = new Map<string, string | null>();
  const files: Files = {
    read: (path) => (changed.has(path) ? (changed.get(path) ?? undefined) : read(path)),
  };
  for (const proposal of proposals) {
    const plan = planOne(proposal, files);
    const deferred = 'changes' in plan ? allowance?.refuse(proposal.urgent) : undefined;
    if (deferred !== undefined) outcomes.set(proposal, { kind: 'deferred', reason: deferred });
    else if (!('changes' in plan)) outcomes.set(proposal, plan);
    else {
      planned.push({ proposal, plan });
      outcomes.delete(proposal);
      for (const { path, content } of plan.changes) changed.set(path, content);
    }
  }
  return planned;
}

function planOne(proposal: Proposal, files: Files): CommitPlan | Outcome {
  try {
    const plan = proposal.plan(files);
    if (plan instanceof Overtaken) return { kind: 'overtaken', reason: plan.reason };
    return plan === undefined || plan.changes.length === 0 ? { kind: 'unchanged' } : plan;
  } catch (error) {
    if (isSluiceError(error)) return { kind: 'failed', error };
    throw error;
  }
}
