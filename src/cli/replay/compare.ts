import { parse } from 'yaml';
import { executionOf } from '../../evaluate/commit-plan.js';
import type { Decision } from '../../evaluate/decision.js';
import { formatStatus, type Status } from '../../evaluate/status.js';
import { type Leaf, leaves } from '../../reports/leaf-changes.js';
import type { HistoryEntry } from '../history-entries.js';
import { valuesFile } from '../workspace.js';
import type { Recorded } from './record.js';

/** One field that did not come out as it was committed; undefined where one side has none. */
export interface FieldDifference {
  /** Such as `decision`, `status.share` or `evidence.analysis.judge`. */
  readonly field: string;
  readonly committed: unknown;
  readonly replayed: unknown;
}

/** Returns what differs between a decision as it was committed and as it was made again. */
export function differencesOf(entry: HistoryEntry, recorded: Recorded, decision: Decision): FieldDifference[] {
  const [committed, replayed] = [committedIn(entry, recorded), replayedBy(recorded, decision)];
  const found = leaves(committed, replayed, '').filter((leaf) => counts(leaf, entry, recorded));
  const fields = found.map(({ path, from, to }) => ({ field: path.slice(1), committed: from, replayed: to }));
  const isText = textAfter(recorded, decision) !== recorded.after.values;
  if (!isText || fields.some(({ field }) => field.startsWith('values.'))) return fields;
  return [...fields, { field: valuesFile, committed: 'other comments, or another layout', replayed: undefined }];
}

/** What a decision says and writes, in one shape for both sides. */
interface Picture {
  readonly decision: string | undefined;
  readonly iteration: number | undefined;
  readonly verdict: string | undefined;
  readonly status: unknown;
  readonly values: unknown;
  readonly evidence: unknown;
}

function committedIn({ decision, iteration, verdict }: HistoryEntry, { after, evidence }: Recorded): Picture {
  const { status, values } = after;
  return { decision, iteration, verdict, status: plain(status), values: parse(values), evidence: evidence?.line };
}

function replayedBy(recorded: Recorded, decision: Decision): Picture {
  const { change, evidence, kind } = decision;
  const line = contentOf(recorded, decision, 'ledger.jsonl');
  return {
    decision: kind,
    iteration: change?.status.iteration,
    verdict: evidence?.verdict.outcome,
    status: plain(change?.status ?? recorded.state.status),
    values: parse(textAfter(recorded, decision)),
    evidence: line === undefined ? undefined : JSON.parse(line),
  };
}

/** What an older version did not write, and what a merge lost, counts for nothing. */
function counts(leaf: Leaf, { trailersLost }: HistoryEntry, recorded: Recorded): boolean {
  const { path, from } = leaf;
  if (isToldOtherwise(leaf, recorded) || isCarriedOver(leaf, recorded)) return false;
  if (from === undefined && /^\.status\.settled\[[^\]]+\]\.stays$/.test(path)) return false;
  if (from !== undefined) return true;
  if (path.startsWith('.status.')) return recorded.after.status.updatedAt !== undefined;
  if (path === '.decision' || path === '.verdict') return trailersLost === undefined;
  return !path.startsWith('.evidence.');
}

/**
 * What is told of an analysis and never read back, where it is as an older version told it: nothing of what was found
 * before, nor of when a pause and what is over began, and less of who had won, and when.
 */
function isToldOtherwise({ path, from }: Leaf, { after: { status }, evidence }: Recorded): boolean {
  const { phase, winner, versions, verdict, updatedAt, endedAt } = status;
  const isBrief = versions?.some(({ assessments }) => assessments === undefined) ?? false;
  if (path === '.status.endedAt') return from === updatedAt;
  if (from !== undefined) return path.startsWith('.status.winner.') && isBrief && winner?.found === false;
  if (path === '.status.startedAt') return endedAt !== undefined || phase === 'Paused';
  if (path === '.status.pausedAt') return phase === 'Paused';
  if (isBrief) return /^\.status\.versions\[[^\]]+\]\.assessments\b/.test(path);
  const isSilent = evidence === undefined && versions === undefined && verdict === undefined;
  return isSilent && /^\.status\.(winner|versions|verdict|(others\[[^\]]+\]\.)?assessments)\b/.test(path);
}

/** What was found last stood unchanged in what an older version decided on no evidence, whatever had become of whom. */
function isCarriedOver({ path, from, to }: Leaf, { evidence, state: { status } }: Recorded): boolean {
  if (evidence !== undefined) return false;
  const { winner, versions = [] } = status;
  if (path === '.status.winner.currentBest') return from === winner?.currentBest;
  if (path === '.status.winner.found') return from === winner?.found;
  return to === undefined && versions.some(({ name }) => path === `.status.versions[${name}]`);
}

function textAfter(recorded: Recorded, decision: Decision): string {
  return contentOf(recorded, decision, valuesFile) ?? recorded.state.loaded.text;
}

function contentOf({ state }: Recorded, decision: Decision, name: string): string | undefined {
  const changes = executionOf(decision, state, { rendered: undefined, ledger: '' })?.plan.changes ?? [];
  const content = changes.find(({ path }) => path.endsWith(`/${name}`))?.content;
  return typeof content === 'string' ? content : undefined;
}

function plain(status: Status): unknown {
  return parse(formatStatus(status));
}
