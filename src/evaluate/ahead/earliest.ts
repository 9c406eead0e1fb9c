import type { Sample } from '../../release/evaluation.js';
import type { Verdict } from '../../release/judge.js';
import { evidenceWindows } from '../evidence-windows.js';
import { lastWindowEnd } from '../ledger.js';
import { beginOf, dueAt } from '../phases/analysed.js';
import { STARTING } from '../phases/baseline.js';
import { evidenceFor, next } from '../phases/next.js';
import type { Look, Scene } from '../phases/scene.js';
import { standOf } from '../phases/stand.js';
import type { RouteChange, State } from '../phases/state.js';

/** When a candidate can have come how far at the earliest; Unix seconds. */
export interface Earliest {
  /** Returns the first pass by which it has at least so much; undefined where it never does. */
  share(percent: number): number | undefined;
  /** Undefined where it is never promoted. */
  readonly promotion: number | undefined;
  /** When the time of the analysis is up: after it only who has won goes on. Undefined where it does not begin. */
  readonly due: number | undefined;
}

/** What a release is played from. */
export interface Departure {
  /** With this candidate and no other. */
  readonly scene: Scene;
  readonly state: State;
  /** Unix seconds: the next pass. */
  readonly now: number;
  /** Seconds that a window takes to become complete. */
  readonly delay: number;
  /** Requests of a window. */
  readonly traffic: number;
  /** Returns why nothing may advance at a time; undefined where it may. */
  held(at: number): string | undefined;
}

/** So many seconds are looked ahead. */
const PATIENCE = 14 * 86_400;

/** So many passes after all that a release waits for, nothing is to come any more. */
const QUIET_PASSES = 10;

/**
 * Plays a release by the phases of a pass, with a judge that is content at every look: once one that finds a candidate as
 * good as can be and promotes nobody, once one that has a winner. What comes out is a lower bound; a pause counts as taken
 * out at once.
 */
export function earliestOf(departure: Departure): Earliest {
  const scene = withoutPauses(departure.scene);
  const content = played({ ...departure, scene }, false);
  const won = played({ ...departure, scene }, true);
  return {
    promotion: won.promotion,
    due: won.due,
    share(percent) {
      const times = [content, won].flatMap(({ reached }) => reached.find(({ share }) => share >= percent)?.at ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

function withoutPauses(scene: Scene): Scene {
  const { rollout } = scene;
  return { ...scene, rollout: { ...rollout, steps: rollout.steps.map((step) => ({ ...step, pause: false })) } };
}

interface Played {
  /** Shares above what it began with, in their order. */
  readonly reached: readonly { readonly share: number; readonly at: number }[];
  readonly promotion: number | undefined;
  readonly due: number | undefined;
}

function played(departure: Departure, wins: boolean): Played {
  const { now: start, delay, held } = departure;
  const { interval } = departure.scene.analysis;
  const quiet = longestWait(departure.scene, wins) / interval + QUIET_PASSES;
  let { scene, state } = departure;
  const reached: { share: number; at: number }[] = [];
  let idle = 0;
  let due: number | undefined;
  for (let now = start; now <= start + PATIENCE && idle < quiet; now = nextPass(now, interval, delay)) {
    const look = { now, delay, byHand: false, held: held(now), evidence: undefined };
    const step = next(scene, state, lookAt(look, { scene, state, departure, wins }));
    if (step.kind === 'promote') return { reached, promotion: now, due };
    if (step.route !== undefined) idle = 0;
    else if (look.held === undefined) idle += 1;
    state = step.state ?? state;
    scene = followed(scene, step.route);
    due = dueIn(scene, state) ?? due;
    const share = scene.others[0]?.share ?? 0;
    if (share > (reached.at(-1)?.share ?? 0)) reached.push({ share, at: now });
  }
  return { reached, promotion: undefined, due };
}

function dueIn(scene: Scene, state: State): number | undefined {
  const [first] = standOf(scene, state, false).progressing;
  return first && dueAt(beginOf(first.startedAt, scene.analysis), scene.analysis);
}

/** How long nothing may happen though something is to come, in seconds. */
function longestWait({ analysis, rollout, fresh }: Scene, wins: boolean): number {
  const { warmUp = 0, minDuration } = analysis;
  const longest = Math.max(0, ...rollout.steps.map(({ duration }) => duration));
  return (wins ? minDuration : 0) + longest + warmUp + (fresh === true ? STARTING : 0);
}

function nextPass(now: number, interval: number, delay: number): number {
  return lastWindowEnd(interval, now - delay) + interval + delay;
}

interface Moment {
  readonly scene: Scene;
  readonly state: State;
  readonly departure: Departure;
  readonly wins: boolean;
}

function lookAt(look: Look, { scene, state, departure, wins }: Moment): Look {
  const needed = evidenceFor(scene, state, look);
  if (needed === undefined) return look;
  const baseline: Sample = { requests: departure.traffic, errors: 0, latencySum: 0 };
  if (needed !== 'verdict') return { ...look, evidence: { baseline, verdict: undefined } };
  const { progressing } = standOf(scene, state, false);
  const [first] = progressing;
  if (first === undefined) return look;
  const begin = beginOf(first.startedAt, scene.analysis);
  if (evidenceWindows(scene.analysis, { begin, since: state.since ?? look.now }, look) === undefined) return look;
  return { ...look, evidence: { baseline, verdict: contentWith(first.name, scene, wins) } };
}

/** Nothing is known against the candidate, and nothing is excluded that would be for it. */
function contentWith(candidate: string, { primary }: Scene, wins: boolean): Verdict {
  return {
    ...{
      outcome: wins ? 'pass' : 'inconclusive',
      winner: wins ? candidate : undefined,
      sentence: 'nothing is against it',
    },
    standings: [
      {
        ...{ version: candidate, outcome: 'pass', sentence: '', assessments: [] },
        exposure: { excess: 0, atMost: 0 },
      },
    ],
    ranks: { [candidate]: [1, 1], [primary.name]: [0, 1] },
  };
}

function followed(scene: Scene, route: RouteChange | undefined): Scene {
  const { baseline, others } = scene;
  if (route?.kind === 'add') return { ...scene, baseline: { name: route.version, share: 0, fits: [route.beside] } };
  if (route?.kind !== 'shares') return scene;
  const shareOf = <Each extends { readonly name: string; readonly share: number }>(each: Each): Each => {
    return { ...each, share: route.shares[each.name] ?? each.share };
  };
  return { ...scene, others: others.map(shareOf), ...(baseline && { baseline: shareOf(baseline) }) };
}
