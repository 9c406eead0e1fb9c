import type { Problem } from '../errors.js';
import type { CommitPlan } from '../gitops/plan.js';
import { renderedFile, renderedText } from '../synth/rendered.js';
import { applyEdits } from '../values/edit.js';
import { reloadValues } from '../values/load.js';
import type { Decision, DecisionChange, Evidence } from './decision.js';
import { hash } from './identity.js';
import { amountOf } from './moves-of.js';
import type { ReleaseState } from './pass.js';
import { formatStatus } from './status.js';

/** Where a release's files are. */
export interface ReleaseFiles {
  /** The folder of the manifests, such as `rendered`; undefined where a chart makes them of the values. */
  readonly rendered: string | undefined;
  /** The text of `ledger.jsonl` now; empty where there is none. */
  readonly ledger: string;
}

/** How a decision is carried out. */
export interface Execution {
  /** Values, status, evidence and, unless a chart makes them, manifests. */
  readonly plan: CommitPlan;
  /** What a person should know of the values as they are then, such as the split that a number of pods really makes. */
  readonly notices: readonly Problem[];
}

/** Returns the commit that carries a decision out, and what is to be said of it; undefined for a hold. */
export function executionOf(decision: Decision, state: ReleaseState, files: ReleaseFiles): Execution | undefined {
  const { change, evidence } = decision;
  if (change === undefined) return undefined;
  const { file, text, release } = state.loaded;
  const folder = file.slice(0, file.lastIndexOf('/'));
  const edited = applyEdits(text, change.edits, { file });
  const after = reloadValues(state.loaded, edited);
  const line = ledgerLine(decision, change, state);
  const rendered = files.rendered && {
    path: renderedFile(files.rendered, state.id),
    content: renderedText({ file, release: after.release }),
  };
  const plan: CommitPlan = {
    release: release.model.name,
    summary: summaryOf(decision),
    body: decision.reason,
    trailers: {
      decision: decision.kind,
      iteration: change.status.iteration,
      ...(evidence && { verdict: evidence.verdict.outcome, evidence: hash(line) }),
    },
    changes: [
      { path: file, content: edited },
      { path: `${folder}/status.yaml`, content: formatStatus(change.status) },
      ...(evidence ? [{ path: `${folder}/ledger.jsonl`, content: `${files.ledger}${line}\n` }] : []),
      ...(rendered ? [rendered] : []),
    ],
  };
  return { plan, notices: after.notices };
}

/** Returns what a decision does in a few words, such as `candidate reviews-v2 5 % → 20 %`. */
export function summaryOf(decision: Decision): string {
  const { kind, candidate, change } = decision;
  if (candidate === undefined) return 'nothing to decide';
  if (kind === 'promote') return `promote ${candidate}`;
  if (kind === 'roll back') return `roll back ${candidate}${trafficOf(decision)}`;
  if (kind === 'hold' && change !== undefined) return `pause ${candidate}`;
  return `${kind === 'hold' ? 'hold' : 'candidate'} ${candidate}${trafficOf(decision)}`;
}

/** What it has or gets, as the words that follow its name. */
function trafficOf({ moves = 'shares', from = 0, to = 0 }: Decision): string {
  if (from === to) return ` ${moves === 'shares' ? 'at' : 'with'} ${amountOf(moves, to)}`;
  if (moves === 'nothing') return to === 0 ? ', which loses what matches' : ' gets what matches';
  return `${moves === 'copies' ? ', copies' : ''} ${from} % → ${to} %`;
}

/** One line of `ledger.jsonl`: all that the decision rests on, so that it can be made again without the source. */
function ledgerLine(decision: Decision, { status }: DecisionChange, { loaded }: ReleaseState): string {
  const { ledger, verdict, queries } = decision.evidence ?? ({} as Partial<Evidence>);
  const { analysis, rollout, model } = loaded.release;
  return JSON.stringify({
    iteration: status.iteration,
    decision: decision.kind,
    baseline: model.primary,
    candidate: decision.candidate,
    from: decision.from,
    to: decision.to,
    verdict: verdict?.outcome,
    sentence: verdict?.sentence,
    analysis,
    rollout,
    queries,
    interval: ledger?.interval,
    windows: ledger?.rows,
  });
}
