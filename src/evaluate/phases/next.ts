import type { Shares } from '../../release/policy.js';
import { amountOf } from '../moves-of.js';
import { entering } from './admission.js';
import {
  baselineLeaves,
  evened,
  isBaselineLeaving,
  isLacking,
  mostFor,
  prepared,
  unlike,
  withBaseline,
} from './baseline.js';
import { cleanedUp, leaving } from './cleanup.js';
import { promoted } from './endings.js';
import { judged } from './judged.js';
import { watched, wayBack } from './promoting.js';
import type { Look, Scene, Seen } from './scene.js';
import { type Stand, standOf } from './stand.js';
import type { Exposed, State, Step } from './state.js';
import { listed, sharesOf } from './step-parts.js';
import { hold, noted, reshare, restart, withdraw } from './steps.js';
import { ended, resumed } from './wishes.js';

/**
 * Returns what becomes of a release: pure, and total for every state, look and verdict. What people did comes first, and
 * then the evidence. A fail is rolled back whatever holds the release.
 */
export function next(scene: Scene, state: State, look: Look): Step {
  const seen = seenAs(scene, state, look);
  const { stand, ground } = seen;
  const step = withBaseline(ground, doneByPeople(seen) ?? byEvidence(seen), look.held !== undefined);
  return { ...step, reason: withQueue(step.reason, queuedBehind(step, stand)) };
}

/**
 * A verdict on those under analysis, one on the new primary beside whom it was compared with, or the newest window of the
 * primary: alone, or with that of a version whose entry is to go.
 */
export type Needed = 'verdict' | 'watch' | 'leave' | 'entry';

/** Returns what has to be measured before `next` can decide; undefined for nothing. */
export function evidenceFor(scene: Scene, state: State, look: Look): Needed | undefined {
  const seen = seenAs(scene, state, look);
  const { stand } = seen;
  if (doneByPeople(seen) !== undefined) return undefined;
  if (stand.progressing.length > 0) return 'verdict';
  if (state.phase === 'Promoting') return wayBack(seen) === undefined ? undefined : 'watch';
  if (leaving(seen) !== undefined) return 'leave';
  return stand.waiting.length > 0 && stand.ended.length === 0 && look.held === undefined ? 'entry' : undefined;
}

/** Returns a reason, and behind it who waits for the candidates to be decided. */
export function withQueue(reason: string, queued: readonly string[]): string {
  if (queued.length === 0) return reason;
  return `${reason}; ${listed(queued)} ${queued.length === 1 ? 'waits for its' : 'wait for their'} turn`;
}

function seenAs(scene: Scene, state: State, look: Look): Seen {
  const stand = standOf(scene, state, look.byHand);
  return { scene, state, look, stand, ground: { cast: scene, state, now: look.now } };
}

/** Who enters, or what keeps it from that, is said already. */
function queuedBehind({ moved }: Step, { overtaken, waiting }: Stand): string[] {
  if (overtaken) return [];
  return waiting.map(({ name }) => name).filter((name) => !moved.some((each) => each.name === name));
}

function doneByPeople(seen: Seen): Step | undefined {
  const { scene, stand, ground } = seen;
  const { interval } = scene.analysis;
  const { changed, withdrawn } = stand;
  if (stand.overtaken) return overtaken(seen);
  const wished = ended(seen) ?? resumed(seen);
  if (wished !== undefined) return wished;
  if (changed.length > 0) {
    const reason = `${listed(changed)} ${was(changed)} changed while ${changed.length === 1 ? 'it was' : 'they were'} routed: ${its(changed)} analysis starts again`;
    return restart(ground, changed, { reason, interval });
  }
  if (withdrawn.length > 0) {
    return withdraw(ground, withdrawn, takenOut(withdrawn));
  }
  if (isPrimaryChanged(seen)) return primaryChanged(seen);
  const why = unlike(seen);
  if (why !== undefined) {
    const reason = `${why}: the analysis of ${listed(stand.progressing)} starts again`;
    return restart(ground, stand.progressing, { reason, interval });
  }
  return evened(seen) ?? (isBaselineLeaving(seen) ? undefined : adopted(seen));
}

/** Whoever has a share by no decision is analysed from there, or from what a baseline beside it leaves room for. */
function adopted(seen: Seen): Step | undefined {
  const { scene, look, stand, ground } = seen;
  const { interval } = scene.analysis;
  const { adopting } = stand;
  if (adopting.length === 0) return accompanied(seen);
  const preparing = prepared(seen, adopting);
  if (preparing !== undefined) return preparing;
  const amounts = adopting.map(({ name, share }) => `${name} has ${amountOf(scene.moves, share)}`).join(', ');
  const reason = `${amounts} by no decision of ours: ${adopting.length === 1 ? 'it is' : 'they are'} analysed from there`;
  const all = [...stand.progressing, ...adopting];
  const shares = look.held === undefined ? roomIn(scene, all) : sharesOf(all);
  const fresh = adopting.map(({ name }) => name);
  const traffic = stand.progressing.length > 0 ? seen.state.traffic : undefined;
  return reshare(ground, shares, { reason, interval, fresh, judged: [], traffic });
}

/** Those that were compared with the primary alone get a baseline, and their analysis begins with it. */
function accompanied(seen: Seen): Step | undefined {
  const { scene, state, look, stand, ground } = seen;
  const { progressing } = stand;
  if (look.held !== undefined || !isLacking(seen)) return undefined;
  const preparing = prepared(seen, progressing, state.traffic);
  if (preparing !== undefined) return preparing;
  const reason = `${listed(progressing)} and ${scene.baseline?.name} are compared from here on`;
  const { interval } = scene.analysis;
  const fresh = progressing.map(({ name }) => name);
  return reshare(ground, roomIn(scene, progressing), { reason, interval, fresh, judged: [], traffic: state.traffic });
}

/** As much as they have, as far as a baseline beside them leaves room. */
function roomIn(scene: Scene, all: readonly Exposed[]): Shares {
  const most = mostFor(scene, all.length);
  return sharesOf(all.map((each) => ({ ...each, share: Math.min(each.share, most) })));
}

function overtaken({ scene, state, look, ground }: Seen): Step {
  const { primary } = scene;
  const share = state.trials.find(({ name }) => name === primary.name)?.share ?? 0;
  if (look.held !== undefined) return hold([{ ...primary, share }], look.held);
  return promoted(ground, primary, `a person made ${primary.name} the primary`);
}

function isPrimaryChanged({ scene, state, stand }: Seen): boolean {
  const { primaryIdentity } = state;
  return stand.progressing.length > 0 && primaryIdentity !== undefined && primaryIdentity !== scene.primary.identity;
}

/** What was compared with the primary as it was tells nothing of the one that is there now. */
function primaryChanged({ scene, state, stand, look, ground }: Seen): Step {
  const names = listed(stand.progressing);
  const reason = `${scene.primary.name} was changed while ${names} ${stand.progressing.length === 1 ? 'is' : 'are'} compared with it: nothing advances until sluice resume, or a share by hand`;
  const { interval, warmUp = 0 } = scene.analysis;
  // A warm-up is for an entry: whoever had one is judged from now on.
  const begin = look.now - warmUp;
  const trials = state.trials.map((trial) =>
    trial.share === undefined ? trial : { ...trial, startedAt: Math.max(trial.startedAt ?? begin, begin) },
  );
  const since = Math.ceil(look.now / interval) * interval;
  if (scene.rollout.override?.action === 'resume') {
    const restarted = `${scene.primary.name} was changed: ${names} ${stand.progressing.length === 1 ? 'is' : 'are'} compared with it anew`;
    return noted(ground, stand.progressing, { phase: 'Progressing', trials, since, reason: restarted });
  }
  return noted(ground, stand.progressing, { phase: 'Paused', paused: reason, trials, since, reason });
}

function byEvidence(seen: Seen): Step {
  const { look, state, stand } = seen;
  if (stand.progressing.length > 0) {
    const step = judged(seen);
    return step.state === undefined ? (cleanedUp(seen) ?? step) : step;
  }
  if (state.phase === 'Promoting') return watched(seen);
  if (isBaselineLeaving(seen)) return baselineLeaves(seen);
  const cleaned = cleanedUp(seen);
  if (cleaned !== undefined) return cleaned;
  if (stand.ended.length > 0) return hold([], said(state.message, look));
  if (stand.waiting.length > 0) return entering(seen);
  return hold(
    [],
    said(stand.out.length > 0 ? (state.paused ?? takenOut(stand.out)) : 'no candidate waits for an analysis', look),
  );
}

function takenOut(versions: readonly Exposed[]): string {
  return `a person took ${listed(versions)} out of the route: ${its(versions)} analysis goes on once ${it(versions)} traffic again`;
}

function said(reason: string, { held }: Look): string {
  return held === undefined ? reason : `${reason}; ${held}`;
}

function was({ length }: readonly Exposed[]): string {
  return length === 1 ? 'was' : 'were';
}

function its({ length }: readonly Exposed[]): string {
  return length === 1 ? 'its' : 'their';
}

function it({ length }: readonly Exposed[]): string {
  return length === 1 ? 'it has' : 'they have';
}
