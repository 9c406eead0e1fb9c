import type { Judge } from '../release/judge.js';
import type { Clock } from './changes.js';
import { type Judged, judgeOf } from './decide.js';
import type { Decision } from './decision.js';
import { type Beginning, HISTORY_WINDOWS, type Histories } from './history.js';
import { lastWindowEnd, subjectsOf, windowsSince } from './ledger.js';
import { beginOf } from './phases/analysed.js';
import { podsDeclared } from './pods-declared.js';

/** Reads what was before; see `readHistories`. */
export type ReadHistories = (beginnings: readonly Beginning[]) => Promise<Histories>;

/**
 * Returns the decisions with what was before the candidates that they let in: it is read once, in the pass that lets
 * the first one in, and stands in the status from then on. Where that told nothing of pods, those of both versions are
 * looked at with the first change of shares after a quarter of an hour, of so many releases in a pass as do not hold it up.
 */
export async function withHistories(
  decisions: readonly Decision[],
  pending: readonly Judged[],
  { read, clock }: { readonly read: ReadHistories; readonly clock: Clock },
): Promise<{ readonly decisions: readonly Decision[]; readonly warnings: readonly string[] }> {
  const byId = new Map(pending.map((release) => [release.id, release]));
  const asked = (beginning: typeof secondLook) =>
    decisions.flatMap((decision) => {
      const release = byId.get(decision.release);
      return release === undefined ? [] : beginning(decision, release, clock);
    });
  const beginnings = [...asked(beginningOf), ...inTurn(asked(secondLook), clock)];
  if (beginnings.length === 0) return { decisions, warnings: [] };
  const { found, warnings } = await read(beginnings);
  return { decisions: decisions.map((decision) => withHistory(decision, found)), warnings };
}

function withHistory(decision: Decision, found: Histories['found']): Decision {
  const { change, release } = decision;
  const history = found.get(release);
  if (change === undefined || history === undefined) return decision;
  return { ...decision, change: { ...change, status: { ...change.status, history } } };
}

/** The most releases that are looked at a second time in one pass: they are many where all have entered together. */
const SECOND_LOOKS = 100;

/** Whose turn it is goes round with the minutes; the others are looked at with a later change of shares. */
function inTurn<Each>(all: readonly Each[], { now }: Clock): readonly Each[] {
  const from = (Math.floor(now / 60) * SECOND_LOOKS) % Math.max(1, all.length);
  return [...all.slice(from), ...all.slice(0, from)].slice(0, SECOND_LOOKS);
}

/** Seconds of both versions that tell how much their pods differ. */
const ENOUGH = 900;

/** A decision on a candidate that has been there for long enough, where nothing before it told how much pods differ. */
function secondLook({ change, kind }: Decision, release: Judged, clock: Clock): Beginning[] {
  const { id, loaded, scene, stand, contest } = release;
  const judge: Judge = judgeOf(scene);
  const [first] = stand.progressing;
  const known = change?.status.history;
  if (change === undefined || kind !== 'advance' || first === undefined || contest === undefined) return [];
  if (judge.readsHistory !== true || known?.overdispersion?.['error-rate'] !== undefined) return [];
  const begin = beginOf(first.startedAt, scene.analysis);
  const windows = windowsSince(begin, { interval: scene.analysis.interval, ...clock });
  const subjects = subjectsOf(loaded.release, [contest.baseline, first.name]);
  const [baseline, candidate] = [subjects[contest.baseline], subjects[first.name]];
  if (windows === undefined || baseline === undefined || candidate === undefined) return [];
  if (clock.now - begin < ENOUGH) return [];
  const pods = podsDeclared(loaded.release.model, first.name);
  const declared = podsDeclared(loaded.release.model, contest.baseline);
  return [
    {
      ...{ release: id, baseline, candidate, analysis: scene.analysis, windows, known },
      ...{ pods, declared: declared && declared + (pods ?? 0), alike: scene.fresh === true },
    },
  ];
}

/** A decision that begins an analysis; none for any other. */
function beginningOf({ change }: Decision, { id, loaded, scene, stand }: Judged, clock: Clock): Beginning[] {
  const judge: Judge = judgeOf(scene);
  const { phase, startedAt, candidate } = change?.status ?? {};
  const begins = phase === 'Progressing' && startedAt === new Date(clock.now * 1000).toISOString();
  const primary = scene.primary.name;
  const baseline = subjectsOf(loaded.release, [primary])[primary];
  if (judge.readsHistory !== true || !begins || stand.progressing.length > 0 || baseline === undefined) return [];
  const { interval } = scene.analysis;
  const lastEnd = lastWindowEnd(interval, clock.now - clock.delay);
  return [
    {
      release: id,
      baseline,
      analysis: scene.analysis,
      pods: candidate === undefined ? undefined : podsDeclared(loaded.release.model, candidate),
      declared: podsDeclared(loaded.release.model, primary),
      alike: scene.fresh === true,
      windows: { interval, firstEnd: lastEnd - (HISTORY_WINDOWS - 1) * interval, lastEnd },
    },
  ];
}
