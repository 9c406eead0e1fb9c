import type { Decision } from '../../evaluate/decision.js';
import type { PassReport } from '../evaluate-report.js';
import { usualInterval } from './due.js';

/** How a pass ended: with every release, with some that could not run, or not at all. */
export type PassOutcome = 'complete' | 'partial' | 'failed';

/** What the passes of a daemon did, in numbers; it does not grow. */
export interface Tally {
  /** Unix seconds; nothing of that kind has happened yet where it is missing. */
  readonly times: { readonly started: number; ended?: number; succeeded?: number };
  interval: number;
  /** Releases that the last pass looked at. */
  releases: number;
  readonly passes: Record<PassOutcome, number>;
  readonly decisions: Record<Decision['kind'], number>;
  /** Releases that could not run, once for each pass. */
  failures: number;
  commits: number;
  /** Seconds of all passes together. */
  seconds: number;
}

/** Returns a tally of nothing. */
export function emptyTally(started: number): Tally {
  return {
    times: { started },
    interval: usualInterval,
    releases: 0,
    passes: { complete: 0, partial: 0, failed: 0 },
    decisions: { advance: 0, hold: 0, promote: 0, 'roll back': 0 },
    failures: 0,
    commits: 0,
    seconds: 0,
  };
}

/** When a pass ended, in Unix seconds, and how long it took. */
export interface Spent {
  readonly ended: number;
  readonly seconds: number;
}

/** Adds a pass that ended; without a report it failed as a whole. */
export function addPass(tally: Tally, { ended, seconds }: Spent, report?: PassReport): void {
  const outcome = outcomeOf(report);
  tally.passes[outcome] += 1;
  tally.seconds += seconds;
  tally.times.ended = ended;
  if (outcome === 'complete') tally.times.succeeded = ended;
  if (report === undefined) return;
  for (const { decision } of report.outcomes) tally.decisions[decision.kind] += 1;
  tally.failures += report.failures.length;
  tally.commits += commitsOf(report);
}

/** Returns how a pass ended. */
export function outcomeOf(report: PassReport | undefined): PassOutcome {
  if (report === undefined) return 'failed';
  return report.failures.length === 0 ? 'complete' : 'partial';
}

/** Returns how many commits a pass made. */
export function commitsOf({ outcomes, rendered }: PassReport): number {
  return [...outcomes, ...rendered].filter(({ commit }) => commit !== undefined).length;
}

/** So many intervals without an end of a pass are too many. */
const patience = 3;

/** Shorter than that, a server that answers late would count as an illness. */
const shortest = 60;

/** Returns why the daemon counts as ill: for too long no pass has ended. Undefined while it is well. */
export function illness({ times, interval }: Tally, now: number): string | undefined {
  const since = times.ended ?? times.started;
  const allowed = Math.max(patience * interval, shortest);
  const age = now - since;
  if (age <= allowed) return undefined;
  const last = times.ended === undefined ? 'no pass has ended since the start' : 'the last pass ended';
  return `${last} ${Math.round(age)} s ago; at most ${allowed} s are expected`;
}
