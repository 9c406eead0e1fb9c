import { type JudgeId, judges } from '../judges/registry.js';
import type { SampleAnswer, Subject } from '../release/evaluation.js';
import type { Declared, GiveVerdict, Judge } from '../release/judge.js';
import { assertPassable } from './ahead/render-ahead.js';
import { type Clock, decisionOf, type Remembering } from './changes.js';
import { type Contest, contestFor, judgedIn, windowsOf, windowsToRead } from './contest.js';
import type { Decision, Evidence } from './decision.js';
import { hash } from './identity.js';
import { ledgerOf, subjectsOf, type Windows } from './ledger.js';
import { leaving } from './phases/cleanup.js';
import { evidenceFor, next } from './phases/next.js';
import type { Look, Scene } from './phases/scene.js';
import { type Stand, standOf } from './phases/stand.js';
import type { Moved, State, Step } from './phases/state.js';
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
  const look = { now: 0, delay: 0, byHand, held, evidence: undefined };
  const needed = evidenceFor(scene, state, look);
  const former = leaving({ scene, state, stand, look });
  const contest = needed && contestFor(needed, { scene, state, stand }, former);
  return { ...release, scene, state, byHand, held, stand, contest };
}

/** Returns the windows that the next decision on a release rests on; undefined when it needs none, or none has ended. */
export function windowsFor({ scene, state, contest }: Pending, clock: Clock): Windows | undefined {
  return contest && windowsOf(contest, { scene, state }, clock);
}

/** Returns the windows to read for that, of which the first may tell of silence alone; undefined where it needs none. */
export function windowsReadFor({ scene, state, contest }: Pending, clock: Clock): Windows | undefined {
  return contest && windowsToRead(contest, { scene, state }, clock);
}

/** Returns whose traffic the next decision on a release rests on, by version name. */
export function subjectsFor({ loaded, scene, contest }: Pending): Record<string, Subject> {
  if (contest === undefined) return {};
  const { baseline, candidates, former } = contest;
  const names = [baseline, ...candidates.map(({ name }) => name), former ?? baseline, scene.primary.name];
  return subjectsOf(loaded.release, [...new Set(names)]);
}

/** A release that something may be decided on, with what judges it. */
export interface Judged extends Pending {
  readonly verdictOf: GiveVerdict;
}

/**
 * Decides on one release; pure.
 *
 * @param answer covers `windowsReadFor` it, or says why the source cannot be asked; undefined where that is
 * @throws ConfigError when somebody would be let in who could not come to the end
 */
export function decide(pending: Judged, answer: SampleAnswer | Error | undefined, clock: Clock): Decision {
  if (answer instanceof Error) {
    const down = { ...lookOf(pending, clock), down: answer.message };
    return decisionOf(pending, next(pending.scene, pending.state, down), { now: clock.now, down: down.down });
  }
  const measured = answer && measuredBy(pending, answer, clock);
  const evidence = measured && { ...measured, verdict: measured.found?.verdict };
  const step = next(pending.scene, pending.state, lookOf(pending, clock, evidence));
  assertEnterable(pending, step);
  return decisionOf(pending, step, { now: clock.now, seen: evidence, found: measured?.found });
}

function lookOf({ byHand, held }: Pending, { now, delay }: Clock, evidence?: Look['evidence']): Look {
  return { now, delay, byHand, held, evidence };
}

/** Whoever is let in must be able to go all the way: what stands in it is found before anybody is exposed. */
function assertEnterable({ loaded }: Pending, { moved, route }: Step): void {
  // A baseline is added for whoever enters next.
  const isEntering = ({ from, to }: Moved) => from === 0 && (to > 0 || route?.kind === 'add');
  if (route?.kind !== 'shares' && route?.kind !== 'add') return;
  const entering = moved.filter(isEntering).map(({ name }) => name);
  if (entering.length > 0) assertPassable(loaded, entering);
}

/** Returns a release as if nobody waited to be let in. */
export function withoutWaiting(pending: Judged): Judged {
  const waiting = new Set(pending.stand.waiting.map(({ name }) => name));
  const others = pending.scene.others.filter(({ name }) => !waiting.has(name));
  const scene = { ...pending.scene, others };
  return { ...pending, scene, stand: { ...pending.stand, waiting: [] } };
}

interface Measured extends Omit<NonNullable<Look['evidence']>, 'verdict'> {
  /** Undefined where nobody is under analysis. */
  readonly found: Evidence | undefined;
}

function measuredBy(pending: Judged, answer: SampleAnswer, clock: Clock): Measured | undefined {
  const { scene, contest, loaded } = pending;
  const windows = windowsFor(pending, clock);
  const read = toldOf(windowsReadFor(pending, clock), windows, answer);
  const subjects = subjectsFor(pending);
  const primary = subjects[scene.primary.name];
  if (windows === undefined || read === undefined || contest === undefined || primary === undefined) return undefined;
  const baseline = answer.sample(primary, windows.lastEnd);
  const last = subjects[contest.former ?? ''];
  const former = last && answer.sample(last, windows.lastEnd);
  if (contest.candidates.length === 0) return { baseline, former, found: undefined };
  const judged = Object.fromEntries(Object.entries(subjects).filter(([name]) => name !== contest.former));
  const { ledger, kept, verdict, ...seen } = judgedIn({ ...pending, contest }, ledgerOf(judged, read, answer), {
    ...{ now: clock.now, verdictOf: pending.verdictOf, firstEnd: windows.firstEnd, history: pending.status.history },
    // Where a match sends some requests to the candidate and all others to the primary, the two serve different people.
    comparable: loaded.release.strategy.needs !== 'match',
    ...{ declared: declaredBy(pending), shares: splitOf(pending) },
  });
  return { baseline, former, ...seen, found: { ledger, kept, verdict, queries: queriesOf(answer) } };
}

/** Windows that tell of silence alone are left out where the answer tells of none: that would be silence. */
function toldOf(
  read: Windows | undefined,
  judged: Windows | undefined,
  { firstEnd }: SampleAnswer,
): Windows | undefined {
  if (read === undefined || judged === undefined || firstEnd === undefined) return read;
  return { ...read, firstEnd: Math.min(judged.firstEnd, Math.max(read.firstEnd, firstEnd)) };
}

/** One answer is for all releases: a thousand of them are named in it. */
const hashes = new WeakMap<SampleAnswer, string>();

function queriesOf(answer: SampleAnswer): string {
  const known = hashes.get(answer) ?? hash(answer.queries.join('\n'));
  hashes.set(answer, known);
  return known;
}

/** A route declares shares where it splits requests, or copies a percent of them. */
function declaredBy({ loaded, scene, stand, state }: Pending): Declared | undefined {
  const { model, strategy } = loaded.release;
  const isSplit = strategy.needs === 'weight' && model.matches.length === 0 && stand.progressing.length > 0;
  if (!isSplit || state.since === undefined) return undefined;
  const exposed = [...stand.progressing, ...(scene.baseline === undefined ? [] : [scene.baseline])];
  const shares = exposed.map(({ name, share }) => [name, share] as const);
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
