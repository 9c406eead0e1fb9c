import type { Ledger } from '../release/evaluation.js';
import type { Declared, GiveVerdict, History, Verdict } from '../release/judge.js';
import { brokenIn, withoutOutages } from './broken-baseline.js';
import type { Clock } from './changes.js';
import { evidenceWindows } from './evidence-windows.js';
import { lastWindowEnd, type Windows } from './ledger.js';
import { beginOf, dueAt } from './phases/analysed.js';
import { besideIn, comparedIn } from './phases/baseline.js';
import type { Needed } from './phases/next.js';
import { silenceIn, unsyncedIn } from './phases/observed.js';
import type { Evidence, Scene } from './phases/scene.js';
import type { Stand, Watched } from './phases/stand.js';
import type { State } from './phases/state.js';

/** Who is judged, and beside whom. */
export interface Contest {
  readonly baseline: string;
  /** With the time from which on each is judged, after its warm-up, in Unix seconds; none where somebody is to be let in. */
  readonly candidates: readonly Pick<Watched, 'name' | 'startedAt'>[];
  /** Whose traffic has to have ended. @default nobody's */
  readonly former?: string | undefined;
}

/**
 * Returns who is judged for what is needed, and beside whom.
 *
 * @param former whose entry is to go
 */
export function contestFor(
  needed: Needed,
  { scene, state, stand }: { readonly scene: Scene; readonly state: State; readonly stand: Stand },
  former?: string,
): Contest {
  const primary = scene.primary.name;
  if (needed === 'entry') return { baseline: primary, candidates: [] };
  if (needed === 'leave') return { baseline: primary, candidates: [], former };
  const begun = <Each extends { readonly startedAt: number }>(each: Each) => {
    return { ...each, startedAt: beginOf(each.startedAt, scene.analysis) };
  };
  if (needed === 'verdict') return { baseline: besideIn(scene), candidates: stand.progressing.map(begun), former };
  const startedAt = state.trials[0]?.startedAt ?? state.since ?? 0;
  const compared = comparedIn(scene);
  const beside = compared === primary ? (state.former ?? primary) : compared;
  return { baseline: beside, candidates: [begun({ name: primary, startedAt })] };
}

/** Returns the windows that a decision on a contest rests on; undefined where none has ended. */
export function windowsOf(
  { candidates }: Contest,
  { scene, state }: { readonly scene: Scene; readonly state: State },
  { now, delay }: Clock,
): Windows | undefined {
  const { interval } = scene.analysis;
  if (candidates.length === 0) {
    const newest = lastWindowEnd(interval, now - delay);
    return { interval, firstEnd: newest, lastEnd: newest };
  }
  const begin = Math.min(...candidates.map(({ startedAt }) => startedAt));
  return evidenceWindows(scene.analysis, { begin, since: state.since ?? now }, { now, delay });
}

/** Returns the windows to read for that: beside those that are judged as many as a budget for silence reaches back. */
export function windowsToRead(
  contest: Contest,
  release: { readonly scene: Scene; readonly state: State },
  clock: Clock,
): Windows | undefined {
  const judged = windowsOf(contest, release, clock);
  const { hold } = release.scene.rollout.onNoData ?? {};
  const { candidates } = contest;
  const isUnderAnalysis = candidates.length > 0 && !candidates.some(({ name }) => name === release.scene.primary.name);
  if (judged === undefined || hold === undefined || !isUnderAnalysis) return judged;
  const { interval, lastEnd } = judged;
  const begin = Math.min(...candidates.map(({ startedAt }) => startedAt));
  const first = (Math.ceil(begin / interval) + 1) * interval;
  const reach = lastEnd - (Math.ceil(hold / interval) + 1) * interval;
  return { ...judged, firstEnd: Math.min(judged.firstEnd, Math.max(first, reach)) };
}

/** A release with somebody to judge. */
export interface Contested {
  readonly scene: Scene;
  readonly state: State;
  readonly stand: Stand;
  readonly contest: Contest;
}

/** What a contest is judged with. */
export interface Judging {
  /** Unix seconds. */
  readonly now: number;
  readonly verdictOf: GiveVerdict;
  /** Those that end before tell of silence alone. */
  readonly firstEnd: number;
  readonly comparable: boolean;
  readonly declared: Declared | undefined;
  /** What the realised split is held against; undefined where it may differ. */
  readonly shares: Declared['shares'] | undefined;
  readonly history?: History | undefined;
  /** @default false */
  readonly brief?: boolean | undefined;
}

/** What the windows of a contest show. */
export interface JudgedContest extends Pick<Evidence, 'silence' | 'broken' | 'unsynced'> {
  /** The windows that were judged. */
  readonly ledger: Ledger;
  /** All that the decision rests on: before those, windows that tell of silence alone. */
  readonly kept: Ledger;
  readonly verdict: Verdict;
}

/** Judges a contest by its windows; `all` are those to read. */
export function judgedIn({ scene, state, stand, contest }: Contested, all: Ledger, judging: Judging): JudgedContest {
  const { objectives, rewards, minRequests, settings, lookback } = scene.analysis;
  const { now, verdictOf, firstEnd, comparable, declared, shares, history, brief } = judging;
  const read = eachSince(all, contest);
  const ledger = { ...read, rows: read.rows.filter(({ end }) => end >= firstEnd) };
  const candidates = contest.candidates.map(({ name }) => name);
  const isFresh = contest.baseline === scene.baseline?.name;
  const verdict = verdictOf({
    ledger: isFresh ? withoutOutages(ledger, contest.baseline) : ledger,
    ...{ objectives, rewards, minRequests, settings, lookback },
    ...{ baseline: contest.baseline, candidates, comparable, declared, history, brief },
    due: stand.progressing.length === 0 ? undefined : dueIn(contest, scene, now),
  });
  if (candidates.includes(scene.primary.name)) return { ledger, kept: read, verdict };
  // A fresh baseline has to be live as they have; the primary has requests anyway.
  const live = isFresh ? [...candidates, contest.baseline] : candidates;
  const compared = { baseline: contest.baseline, primary: scene.primary.name };
  return {
    ...{ ledger, kept: read, verdict },
    broken: isFresh ? brokenIn(ledger, compared, history) : undefined,
    silence: silenceIn(read, contest.baseline, contest.candidates),
    unsynced: unsyncedIn(ledger, { candidates: live, since: state.since ?? 0, shares }),
  };
}

/** Nothing is due for a promotion that is watched. */
function dueIn({ candidates }: Contest, { analysis }: Scene, now: number): number | undefined {
  const due = dueAt(Math.max(...candidates.map(({ startedAt }) => startedAt)), analysis);
  return now < due ? undefined : due;
}

/** What was called like a candidate before it entered is no evidence on it. */
function eachSince({ interval, rows }: Ledger, { candidates }: Contest): Ledger {
  const first = Math.min(...candidates.map(({ startedAt }) => startedAt));
  const later = candidates.filter(({ startedAt }) => startedAt > first);
  if (later.length === 0) return { interval, rows };
  const isBefore = (startedAt: number, end: number) => end - interval < Math.ceil(startedAt / interval) * interval;
  return {
    interval,
    rows: rows.map(({ end, versions }) => {
      const before = later.filter(({ startedAt }) => isBefore(startedAt, end));
      const none = before.map(({ name }) => [name, { missing: 'no analysis yet' }] as const);
      return { end, versions: { ...versions, ...Object.fromEntries(none) } };
    }),
  };
}
