import { failing, overdue, terminate } from '../policies/conclude.js';
import type { Analysis, LedgerRow } from '../release/evaluation.js';
import type { GiveVerdict, Verdict } from '../release/judge.js';
import type { Move, PolicyInput, Rollout } from '../release/policy.js';
import { evidenceWindows } from './evidence-windows.js';
import { beginOf, dueAt } from './phases/analysed.js';

/** A stretch of time in which versions stood beside one another. */
export interface Stretch {
  readonly analysis: Analysis;
  readonly rollout: Rollout;
  readonly baseline: string;
  /** At least one. */
  readonly candidates: readonly string[];
  /** Every window of the stretch, oldest first. */
  readonly rows: readonly LedgerRow[];
  /** When the candidates entered, in Unix seconds. */
  readonly from: number;
  /** Seconds that a window takes to become complete. */
  readonly delay: number;
  readonly comparable: boolean;
}

/** What a judge would have found at the end of a window. */
export interface PastLook {
  /** Unix seconds. */
  readonly end: number;
  readonly verdict: Verdict;
}

/** What would have been decided, and when, in Unix seconds. */
export interface PastDecision {
  readonly at: number;
  readonly kind: 'promote' | 'roll back' | 'inconclusive' | 'kept';
  /** Whom it is about. */
  readonly versions: readonly string[];
  readonly reason: string;
}

/** What would have come of a stretch. */
export interface Hindsight {
  /** Until the decision that ended the analysis. */
  readonly looks: readonly PastLook[];
  readonly decisions: readonly PastDecision[];
}

/**
 * Returns what would have been found and decided window by window, had somebody looked: as in a pass, but for the shares,
 * which nobody knows of the past. So what a policy would have advanced is not told, nor what a split would have kept back.
 */
export function inHindsight(stretch: Stretch, verdictOf: GiveVerdict): Hindsight {
  const { analysis, rows, from, delay } = stretch;
  const looks: PastLook[] = [];
  const decisions: PastDecision[] = [];
  const begin = beginOf(from, analysis);
  const since = Math.ceil(from / analysis.interval) * analysis.interval;
  let left = stretch.candidates;
  for (const { end } of rows) {
    const now = end + delay;
    const windows = evidenceWindows(analysis, { begin, since }, { now, delay });
    if (windows === undefined) continue;
    const seen = rows.filter((row) => row.end >= windows.firstEnd && row.end <= windows.lastEnd);
    const verdict = verdictOf(inputOf(stretch, left, seen, { now, begin }));
    looks.push({ end, verdict });
    const move = moveAt(stretch, left, verdict, now - begin);
    const found = decisionOf(move, { at: now, left });
    const isNews = found?.kind !== 'inconclusive' || decisions.every(({ kind }) => kind !== 'inconclusive');
    if (found === undefined || !isNews) continue;
    decisions.push(found);
    left = found.kind === 'inconclusive' ? left : left.filter((name) => !found.versions.includes(name));
    if (move.kind !== 'advance' && found.kind !== 'inconclusive') break;
  }
  return { looks, decisions };
}

function inputOf(
  { analysis, baseline, comparable }: Stretch,
  candidates: readonly string[],
  rows: readonly LedgerRow[],
  { now, begin }: { readonly now: number; readonly begin: number },
): Parameters<GiveVerdict>[0] {
  const { interval, objectives, rewards, minRequests, settings, lookback } = analysis;
  const due = dueAt(begin, analysis);
  return {
    ...{ objectives, rewards, minRequests, settings, lookback, baseline, candidates, comparable },
    ledger: { interval, rows },
    due: now < due ? undefined : due,
  };
}

/** Everybody has some share; how much, no conclusion depends on. */
function moveAt({ analysis, rollout, baseline }: Stretch, left: readonly string[], verdict: Verdict, elapsed: number) {
  const input: PolicyInput = {
    ...{ verdict, analysis, rollout, baseline, elapsed },
    candidates: left,
    shares: Object.fromEntries(left.map((name) => [name, 1])),
    ...{ moves: 'nothing', settled: elapsed, traffic: undefined },
  };
  return failing(input) ?? overdue(input) ?? terminate(input);
}

function decisionOf(
  move: Move,
  { at, left }: { readonly at: number; readonly left: readonly string[] },
): PastDecision | undefined {
  const { reason } = move;
  switch (move.kind) {
    case 'promote':
      return { at, kind: 'promote', versions: [move.version], reason };
    case 'roll back':
      return { at, kind: 'roll back', versions: left, reason };
    case 'advance':
      return { at, kind: 'roll back', versions: left.filter((name) => move.shares[name] === 0), reason };
    case 'hold':
      return move.ended && { at, kind: move.ended, versions: left, reason };
  }
}
