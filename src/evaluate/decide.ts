import { type JudgeId, judges } from '../judges/registry.js';
import type { Ledger, SampleAnswer, Subject } from '../release/evaluation.js';
import type { Declared, GiveVerdict, Judge } from '../release/judge.js';
import { applyEdits } from '../values/edit.js';
import { type Clock, decisionOf, type Remembering } from './changes.js';
import type { Decision, Evidence } from './decision.js';
import { hash } from './identity.js';
import { lastWindowEnd, ledgerOf, subjectsOf, type Windows, windowsSince } from './ledger.js';
import { ownedEdits } from './owned-edits.js';
import { evidenceFor, type Needed, next } from './phases/next.js';
import { silenceIn, unsyncedIn } from './phases/observed.js';
import type { Look, Scene } from './phases/scene.js';
import { type Stand, standOf, type Watched } from './phases/stand.js';
import type { State, Step } from './phases/state.js';
import { sceneOf } from './scene-of.js';
import { stateOf } from './state-of.js';

/** A release that something may be decided on. */
export interface Pending extends Remembering {
  readonly scene: Scene;
  readonly state: State;
  readonly stand: Stand;
  readonly byHand: boolean;
  /** Why nothing may advance or be promoted; undefined where it may. */
  readonly held: string | undefined;
  /** Whose traffic tells; undefined where none has to. */
  readonly contest: Contest | undefined;
}

/** Who is judged, and beside whom. */
interface Contest {
  readonly baseline: string;
  /** With the time from which on each is judged, in Unix seconds; none where somebody is to be let in. */
  readonly candidates: readonly Pick<Watched, 'name' | 'startedAt'>[];
  /** Whose traffic has to have ended. @default nobody's */
  readonly former?: string | undefined;
}

/** Returns a release with what may be decided on; undefined where its values ask for no analysis. */
export function pendingOf(
  release: Remembering & { readonly byHand?: boolean },
  held: string | undefined,
): Pending | undefined {
  const scene = sceneOf(release.loaded);
  if (scene === undefined) return undefined;
  const state = stateOf(release.status);
  const byHand = release.byHand ?? false;
  const stand = standOf(scene, state, byHand);
  const needed = evidenceFor(scene, state, { now: 0, delay: 0, byHand, held, evidence: undefined });
  return { ...release, scene, state, byHand, held, stand, contest: needed && contestFor(needed, scene, state, stand) };
}

function contestFor(needed: Needed, scene: Scene, state: State, stand: Stand): Contest {
  const primary = scene.primary.name;
  if (needed === 'entry') return { baseline: primary, candidates: [] };
  if (needed === 'leave') return { baseline: primary, candidates: [], former: state.former };
  if (needed === 'verdict') return { baseline: primary, candidates: stand.progressing };
  const startedAt = state.trials[0]?.startedAt ?? state.since ?? 0;
  return { baseline: state.former ?? primary, candidates: [{ name: primary, startedAt }] };
}

/** Returns the windows that the next decision on a release rests on; undefined when it needs none, or none has ended. */
export function windowsFor({ scene, state, contest }: Pending, { now, delay }: Clock): Windows | undefined {
  const { interval } = scene.analysis;
  if (contest === undefined) return undefined;
  if (contest.candidates.length === 0) {
    const newest = lastWindowEnd(interval, now - delay);
    return { interval, firstEnd: newest, lastEnd: newest };
  }
  const whole = judgeOf(scene).windows === 'analysis';
  const first = Math.min(...contest.candidates.map(({ startedAt }) => startedAt));
  return windowsSince(whole ? first : (state.since ?? now), { interval, now, delay });
}

/** Returns whose traffic the next decision on a release rests on, by version name. */
export function subjectsFor({ loaded, contest }: Pending): Record<string, Subject> {
  if (contest === undefined) return {};
  const { baseline, candidates, former } = contest;
  const names = [baseline, ...candidates.map(({ name }) => name), ...(former === undefined ? [] : [former])];
  return subjectsOf(loaded.release, names);
}

/** A release that something may be decided on, with what judges it. */
export interface Judged extends Pending {
  readonly verdictOf: GiveVerdict;
}

/**
 * Decides on one release; pure.
 *
 * @param answer covers `windowsFor` it, or says why the source cannot be asked; undefined where that is
 */
export function decide(pending: Judged, answer: SampleAnswer | Error | undefined, clock: Clock): Decision {
  if (answer instanceof Error) {
    const down = { ...lookOf(pending, clock), down: answer.message };
    return decisionOf(pending, next(pending.scene, pending.state, down), { now: clock.now, down: down.down });
  }
  const measured = answer && measuredBy(pending, answer, clock);
  const evidence = measured && { ...measured, verdict: measured.found?.verdict };
  const step = next(pending.scene, pending.state, lookOf(pending, clock, evidence));
  assertEditable(pending, step);
  return decisionOf(pending, step, { now: clock.now, seen: evidence, found: measured?.found });
}

function lookOf({ byHand, held }: Pending, { now, delay }: Clock, evidence?: Look['evidence']): Look {
  return { now, delay, byHand, held, evidence };
}

/** Whoever is let in must be able to become the primary: what stands in the way is found before anybody is exposed. */
function assertEditable({ loaded }: Pending, { moved, route }: Step): void {
  if (route?.kind !== 'shares') return;
  const { model, strategy } = loaded.release;
  for (const { name } of moved.filter(({ from, to }) => from === 0 && to > 0)) {
    const edits = ownedEdits(loaded.values, model, strategy.promote(model, name));
    applyEdits(loaded.text, edits, { file: loaded.file });
  }
}

interface Measured extends Omit<NonNullable<Look['evidence']>, 'verdict'> {
  /** Undefined where nobody is under analysis. */
  readonly found: Evidence | undefined;
}

function measuredBy(pending: Judged, answer: SampleAnswer, clock: Clock): Measured | undefined {
  const { scene, contest, loaded } = pending;
  const windows = windowsFor(pending, clock);
  const subjects = subjectsFor(pending);
  const primary = subjects[scene.primary.name];
  if (windows === undefined || contest === undefined || primary === undefined) return undefined;
  const baseline = answer.sample(primary, windows.lastEnd);
  const last = subjects[contest.former ?? ''];
  const former = last && answer.sample(last, windows.lastEnd);
  if (contest.candidates.length === 0) return { baseline, former, found: undefined };
  const { objectives, rewards, minRequests, settings } = scene.analysis;
  const ledger = eachSince(ledgerOf(subjects, windows, answer), contest);
  const verdict = pending.verdictOf({
    ...{ ledger, objectives, rewards, minRequests, settings },
    baseline: contest.baseline,
    candidates: contest.candidates.map(({ name }) => name),
    // Where a match sends some requests to the candidate and all others to the primary, the two serve different people.
    comparable: loaded.release.strategy.needs !== 'match',
    declared: declaredBy(pending),
  });
  const names = contest.candidates.map(({ name }) => name);
  const isWatch = contest.baseline !== scene.primary.name;
  return {
    baseline,
    former,
    ...(!isWatch && {
      silence: silenceIn(ledger, contest.baseline, contest.candidates),
      unsynced: unsyncedIn(ledger, { candidates: names, since: pending.state.since ?? 0, shares: splitOf(pending) }),
    }),
    found: { ledger, verdict, queries: hash(answer.queries.join('\n')) },
  };
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

/** A route declares shares where it splits requests, or copies a percent of them. */
function declaredBy({ loaded, stand, state }: Pending): Declared | undefined {
  const { model, strategy } = loaded.release;
  const isSplit = strategy.needs === 'weight' && model.matches.length === 0 && stand.progressing.length > 0;
  if (!isSplit || state.since === undefined) return undefined;
  const shares = stand.progressing.map(({ name, share }) => [name, share] as const);
  const given = shares.reduce((sum, [, share]) => sum + share, 0);
  return { since: state.since, shares: { [model.primary]: 100 - given, ...Object.fromEntries(shares) } };
}

/** Sessions stick to the version that they met first, so that their split follows the shares slowly. */
function splitOf(pending: Pending): Declared['shares'] | undefined {
  return pending.loaded.release.model.sessionAffinity === undefined ? declaredBy(pending)?.shares : undefined;
}

/** Returns the judge of a release. */
export function judgeOf({ analysis }: Pick<Scene, 'analysis'>): Judge {
  return judges[analysis.judge as JudgeId];
}
