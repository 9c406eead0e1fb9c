import { isSluiceError } from '../../errors.js';
import { summaryOf } from '../../evaluate/commit-plan.js';
import type { JudgeId } from '../../judges/registry.js';
import { isSample, type Ledger } from '../../release/evaluation.js';
import { isoTime } from '../../release/iso-time.js';
import { describeError } from '../report-error.js';
import { isPersons, personsDecisions } from './by-person.js';
import { differencesOf, type FieldDifference } from './compare.js';
import type { Found } from './find-decisions.js';
import type { Place } from './place.js';
import { type Recorded, recordOf } from './record.js';
import { type Rerun, rerun, rerunWith } from './rerun.js';

/** What became of one decision that was made again. */
export interface Replay {
  readonly release: string;
  readonly commit: string;
  /** What changed, in a few words, as the commit says it. */
  readonly summary: string;
  /** A person's word can be made again only where it is a command that follows from the files alone. */
  readonly outcome: 'same' | 'different' | 'by a person' | 'unknown';
  /** What it rests on: windows of the ledger, the files alone, or a person's word; undefined where that is unknown. */
  readonly basis?: 'evidence' | 'files' | 'person';
  /** ISO 8601: the moment that was taken for the clock. */
  readonly at?: string;
  readonly verdict?: string;
  /** The one sentence of why; where it is unknown, why it is. */
  readonly reason: string;
  readonly looked?: Looked;
  readonly differences: readonly FieldDifference[];
  /** What was taken from the commit itself, and so was not checked. */
  readonly unchecked: readonly string[];
  /** What another judge says of the same. */
  readonly judges?: readonly Judged[];
}

/** What a verdict was found on. */
export interface Looked {
  /** Seconds. */
  readonly interval: number;
  readonly windows: number;
  /** ISO 8601: where the first window begins and the last one ends. */
  readonly from: string;
  readonly to: string;
  /** By version name. */
  readonly requests: { readonly [version: string]: number };
  /** Hash of the line of the ledger. */
  readonly evidence: string;
}

/** What one judge has it come to. */
export interface Judged {
  readonly judge: string;
  readonly verdict?: string;
  readonly sentence?: string;
  readonly decision?: string;
  readonly windows?: number;
  /** Windows that it would have looked at, and that no line of the ledger has. */
  readonly absent?: number;
  /** Why it says nothing. */
  readonly refusal?: string;
}

/** Makes a decision again, and with another judge where one is named; what stands in the way is told in its place. */
export async function replayOne(place: Place, found: Found, judge: JudgeId | undefined): Promise<Replay> {
  const { release, commit, summary } = found.entry;
  const told = { release, commit, summary };
  if (isWish(found)) return { ...told, ...wish(found.entry.reason) };
  try {
    return { ...told, ...(await replayed(found, await recordOf(place, found), judge)) };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { ...told, outcome: 'unknown', reason: describeError(error).trimEnd(), differences: [], unchecked: [] };
  }
}

type Result = Omit<Replay, 'release' | 'commit' | 'summary'>;

async function replayed(found: Found, recorded: Recorded, judge: JudgeId | undefined): Promise<Result> {
  const { evidence, moment } = recorded;
  const again = await rerun(recorded);
  const differences = differencesOf(found.entry, recorded, again.decision);
  if (differences.length > 0 && evidence === undefined && isPersons(found, recorded)) return persons(found, recorded);
  return {
    outcome: differences.length === 0 ? 'same' : 'different',
    ...(again.decision.evidence && { verdict: again.decision.evidence.verdict.outcome }),
    basis: evidence === undefined ? 'files' : 'evidence',
    at: isoTime(moment.now),
    reason: again.decision.reason,
    ...(again.decision.evidence && { looked: lookedAt(again.decision.evidence.ledger, evidence?.hash ?? '') }),
    differences,
    unchecked: uncheckedIn(recorded),
    ...(judge !== undefined && { judges: await judgesOf(recorded, again, judge) }),
  };
}

/** A person's word rests on no evidence: what can be checked is that it did what a command does. */
function persons({ entry }: Found, recorded: Recorded): Result {
  const isSame = personsDecisions(recorded).some((decision) =>
    differencesOf(entry, recorded, decision).every(({ field }) => field === 'decision'),
  );
  const reason = recorded.after.status.message;
  if (!isSame) return wish(reason);
  const unchecked = ['a person decided, so there is nothing to judge'];
  return { basis: 'person', outcome: 'same', reason, differences: [], unchecked };
}

/** Such as a pause: it changes the values, and is no decision on what was measured. */
function isWish({ entry }: Found): boolean {
  return entry.iteration === undefined;
}

function wish(reason: string): Result {
  return { basis: 'person', outcome: 'by a person', reason, differences: [], unchecked: [] };
}

function uncheckedIn({ moment, evidence, after: { status }, state }: Recorded): string[] {
  const isEntry = evidence === undefined && status.traffic !== undefined && status.traffic !== state.status.traffic;
  return [
    ...(moment.about ? ['its moment is that of the commit, as the status of then does not tell it'] : []),
    ...(status.updatedAt === undefined ? ['its status is of an older shape: what that lacks is not compared'] : []),
    ...(isEntry ? ['the requests before the entry are taken from its status: no evidence is kept of them'] : []),
  ];
}

function lookedAt({ interval, rows }: Ledger, evidence: string): Looked {
  const [first, last] = [rows[0]?.end ?? 0, rows.at(-1)?.end ?? 0];
  const requests: Record<string, number> = {};
  for (const [name, entry] of rows.flatMap(({ versions }) => Object.entries(versions))) {
    requests[name] = (requests[name] ?? 0) + (isSample(entry) ? entry.requests : 0);
  }
  return { interval, windows: rows.length, from: isoTime(first - interval), to: isoTime(last), requests, evidence };
}

async function judgesOf(recorded: Recorded, again: Rerun, id: JudgeId): Promise<Judged[]> {
  const own = recorded.state.loaded.release.analysis?.judge ?? '';
  const first = judgedBy(own, again);
  if (again.decision.evidence === undefined) {
    return [first, { judge: id, refusal: 'no judge was asked: the decision rests on no verdict' }];
  }
  try {
    return [first, judgedBy(id, await rerunWith(recorded, id))];
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return [first, { judge: id, refusal: `${error.message}${error.hint === undefined ? '' : `. ${error.hint}`}` }];
  }
}

function judgedBy(judge: string, { decision, absent: unkept }: Rerun): Judged {
  const { evidence } = decision;
  const rows = evidence?.ledger.rows ?? [];
  const absent = rows.filter(({ end }) => unkept.includes(end)).length;
  return {
    judge,
    ...(evidence && { verdict: evidence.verdict.outcome, sentence: evidence.verdict.sentence }),
    decision: summaryOf(decision),
    ...(evidence && { windows: rows.length - absent, absent }),
  };
}
