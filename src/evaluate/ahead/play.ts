import type { Sample } from '../../release/evaluation.js';
import type { Verdict } from '../../release/judge.js';
import type { Shares } from '../../release/policy.js';
import { evidenceWindows } from '../evidence-windows.js';
import { lastWindowEnd } from '../ledger.js';
import { beginOf, dueAt } from '../phases/analysed.js';
import { STARTING } from '../phases/baseline.js';
import { evidenceFor, next } from '../phases/next.js';
import type { Look, Scene } from '../phases/scene.js';
import { standOf } from '../phases/stand.js';
import type { RouteChange, State } from '../phases/state.js';

/** What a release is played from. */
export interface Departure {
  /** With the candidates that are played. */
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

/** What a release comes to. */
export interface Played {
  /** What candidates have after each change of the route, in their order. */
  readonly reached: readonly Reached[];
  /** Undefined where nobody is promoted. */
  readonly promotion: number | undefined;
  /** When the time of the analysis is up; undefined where it does not begin. */
  readonly due: number | undefined;
}

/** The percents of all candidates from a pass on; Unix seconds. */
export interface Reached {
  readonly shares: Shares;
  readonly at: number;
}

/**
 * Plays a release by the phases of a pass, with a judge that is content at every look: one that finds all candidates as good as
 * can be, and promotes nobody unless the first of them wins. A pause counts as taken out at once.
 */
export function played(departure: Departure, wins: boolean): Played {
  const { now: start, delay, held } = departure;
  let { state } = departure;
  let scene = withoutPauses(departure.scene);
  const { interval } = scene.analysis;
  const quiet = longestWait(scene, wins) / interval + QUIET_PASSES;
  const reached: Reached[] = [];
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
    if (step.route?.kind === 'shares') reached.push({ shares: sharesIn(scene), at: now });
  }
  return { reached, promotion: undefined, due };
}

function withoutPauses(scene: Scene): Scene {
  const { rollout } = scene;
  return { ...scene, rollout: { ...rollout, steps: rollout.steps.map((step) => ({ ...step, pause: false })) } };
}

function sharesIn({ others }: Scene): Shares {
  return Object.fromEntries(others.map(({ name, share }) => [name, share]));
}

function dueIn(scene: Scene, state: State): number | undefined {
  const begins = standOf(scene, state, false).progressing.map(({ startedAt }) => beginOf(startedAt, scene.analysis));
  return begins.length === 0 ? undefined : dueAt(Math.max(...begins), scene.analysis);
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
  if (progressing.length === 0) return look;
  const begin = Math.min(...progressing.map(({ startedAt }) => beginOf(startedAt, scene.analysis)));
  if (evidenceWindows(scene.analysis, { begin, since: state.since ?? look.now }, look) === undefined) return look;
  return { ...look, evidence: { baseline, verdict: contentWith(progressing, scene, wins) } };
}

/** Nothing is known against the candidates, nothing is excluded that would be for them, and each may be the best of them. */
function contentWith(candidates: readonly { readonly name: string }[], { primary }: Scene, wins: boolean): Verdict {
  const names = candidates.map(({ name }) => name);
  const depths = [...names, primary.name].map((_, i) => i + 1);
  const even = depths.map((depth) => Math.min(1, depth / names.length));
  const last = depths.map((depth) => (depth > names.length ? 1 : 0));
  return {
    ...{ outcome: wins ? 'pass' : 'inconclusive', winner: wins ? names[0] : undefined },
    sentence: 'nothing is against them',
    standings: names.map((version) => ({
      ...{ version, outcome: 'pass', sentence: '', assessments: [] },
      exposure: { excess: 0, atMost: 0 },
    })),
    ranks: Object.fromEntries([...names.map((name) => [name, even] as const), [primary.name, last]]),
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
