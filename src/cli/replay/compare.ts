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
function counts({ path, from }: Leaf, { trailersLost }: HistoryEntry, { after }: Recorded): boolean {
  if (isToldOtherwise(path, from) && isBriefer(after.status)) return false;
  if (from !== undefined) return true;
  if (path.startsWith('.status.')) return after.status.updatedAt !== undefined;
  if (path === '.decision' || path === '.verdict') return trailersLost === undefined;
  return !path.startsWith('.evidence.');
}

/** What is told of an analysis and never read back: by whom it is won, and when it ended, was told otherwise before. */
function isToldOtherwise(path: string, from: unknown): boolean {
  const [, key = ''] = /^\.status\.(\w+)/.exec(path) ?? [];
  if (key === 'winner' || key === 'endedAt') return true;
  return from === undefined && ['versions', 'startedAt', 'pausedAt', 'verdict', 'assessments'].includes(key);
}

/** Whether an older version wrote it, which told less of the primary, of what is over, and of a pause. */
function isBriefer({ phase, startedAt, endedAt, pausedAt, versions }: Status): boolean {
  if (endedAt !== undefined && (startedAt === undefined || versions === undefined)) return true;
  if (phase === 'Paused' && pausedAt === undefined) return true;
  return versions?.some(({ assessments }) => assessments === undefined) ?? false;
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
