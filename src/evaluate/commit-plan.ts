import type { Problem } from '../errors.js';
import type { CommitPlan } from '../gitops/plan.js';
import { renderedFile, renderedText } from '../synth/rendered.js';
import { addVersion } from '../values/add-version.js';
import { baselineEntry } from '../values/baseline-entry.js';
import { applyEdits } from '../values/edit.js';
import { reloadValues } from '../values/load.js';
import { removeItem } from '../values/remove-item.js';
import type { Decision, DecisionChange, Evidence } from './decision.js';
import { hash } from './identity.js';
import { amountOf } from './moves-of.js';
import type { ReleaseState } from './pass.js';
import { comparedWith } from './scene-of.js';
import { formatStatus, type Status } from './status.js';

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
  const { file, release } = state.loaded;
  const folder = file.slice(0, file.lastIndexOf('/'));
  const edited = editedBy(change, state);
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

/** What tells a person that the entry comes and goes without them. */
const comment = 'written by sluice evaluate, which takes it out again';

function editedBy({ edits, adds, removes }: DecisionChange, { loaded }: ReleaseState): string {
  const { file, text, release } = loaded;
  const edited = applyEdits(text, edits, { file });
  if (adds !== undefined)
    return addVersion(edited, baselineEntry(loaded, adds.version, adds.beside), { file, comment });
  const index = release.model.versions.findIndex(({ name }) => name === removes);
  return index === -1 ? edited : removeItem(edited, ['application', 'versions'], { index, file });
}

/** Returns what a decision does in a few words, such as `candidate reviews-v2 5 % → 20 %`. */
export function summaryOf(decision: Decision): string {
  const { moves = 'shares', others = [] } = decision;
  const further = others.map((each) => `, ${each.name}${trafficOf({ moves, from: each.from, to: each.to })}`);
  return `${summaryOfFirst(decision)}${decision.kind === 'promote' ? '' : further.join('')}`;
}

function summaryOfFirst(decision: Decision): string {
  const { kind, candidate, change } = decision;
  if (candidate === undefined) return 'nothing to decide';
  if (kind === 'promote') return `promote ${candidate}`;
  if (kind === 'roll back') return `roll back ${candidate}${trafficOf(decision)}`;
  if (kind === 'hold' && change !== undefined) return noteOf(candidate, change);
  return `${kind === 'hold' ? 'hold' : 'candidate'} ${candidate}${trafficOf(decision)}`;
}

/** What changes no share is about all that keep one. */
function noteOf(candidate: string, { adds, removes, status }: DecisionChange): string {
  if (adds !== undefined) return `prepare ${candidate}`;
  if (removes !== undefined) return `remove ${candidate}`;
  const keeping = [{ name: status.candidate, share: status.share }, ...(status.others ?? [])];
  const others = keeping.flatMap(({ name, share }) => (name === candidate || share === undefined ? [] : (name ?? [])));
  const names = [candidate, ...others].join(', ');
  switch (status.phase) {
    case 'Completed':
      return `complete ${names}`;
    case 'Inconclusive':
      return `leave ${names} undecided`;
    case 'Terminated':
      return `end ${names}`;
    default:
      return `${status.phase === 'Paused' ? 'pause' : 'watch'} ${names}`;
  }
}

/** What it has or gets, as the words that follow its name. */
function trafficOf({ moves = 'shares', from = 0, to = 0 }: Pick<Decision, 'moves' | 'from' | 'to'>): string {
  if (from === to) return ` ${moves === 'shares' ? 'at' : 'with'} ${amountOf(moves, to)}`;
  if (moves === 'nothing') return to === 0 ? ', which loses what matches' : ' gets what matches';
  return `${moves === 'copies' ? ', copies' : ''} ${from} % → ${to} %`;
}

/** One line of `ledger.jsonl`: all that the decision rests on, so that it can be made again without the source. */
function ledgerLine(decision: Decision, { status }: DecisionChange, { loaded, status: before }: ReleaseState): string {
  const { kept, verdict, queries } = decision.evidence ?? ({} as Partial<Evidence>);
  const { analysis, rollout, model } = loaded.release;
  return JSON.stringify({
    iteration: status.iteration,
    decision: decision.kind,
    baseline: comparedWith(model, analysis ?? {}),
    candidate: decision.candidate,
    from: decision.from,
    to: decision.to,
    others: decision.others,
    verdict: verdict?.outcome,
    sentence: verdict?.sentence,
    since: before.since,
    startedAt: startsIn(before),
    analysis,
    rollout,
    queries,
    interval: kept?.interval,
    windows: kept?.rows,
  });
}

/** When each candidate entered: of what waited for a merge, the status in Git has another time. */
function startsIn({ candidate, startedAt, others = [] }: Status): { readonly [version: string]: string } | undefined {
  const entries = [{ name: candidate, startedAt }, ...others].flatMap((each) =>
    each.name === undefined || each.startedAt === undefined ? [] : [[each.name, each.startedAt] as const],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
