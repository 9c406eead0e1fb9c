import type { LedgerRow, Sample } from '../../src/release/evaluation.js';
import type { Player, Turn } from '../../src/simulate/player.js';

/** A window of the candidate; the primary's is an ordinary one. */
export interface Minute {
  readonly requests?: number;
  readonly errors?: number;
  /** Milliseconds that every request takes. */
  readonly latency?: number;
}

const bounds = [50, 100, 250, 500, 1000, 2500];

function sampleOf({ requests = 1000, errors = 0, latency = 60 }: Minute): Sample {
  const latencyBuckets = bounds.map((upTo) => ({ upTo, requests: latency <= upTo ? requests : 0 }));
  return { requests, errors, latencySum: requests * latency, latencyBuckets };
}

function rowOf(minute: Minute, i: number): LedgerRow {
  // Points that are all alike are no evidence to some: every second one has an error more.
  const extra = i % 2;
  const primary = sampleOf({ errors: 4 + extra });
  const candidate = minute.requests === 0 ? { missing: 'no requests' } : sampleOf(minute);
  return { end: 60 * (i + 1), versions: { primary, candidate } };
}

/** Lets a player decide minute by minute, after one without the candidate, and returns all turns until it is over. */
export function turnsOf(player: Player, minutes: readonly Minute[]): Turn[] {
  const rows = [{ requests: 0 }, ...minutes].map(rowOf);
  const turns: Turn[] = [];
  for (let count = 1; count <= rows.length && turns.at(-1)?.outcome === undefined; count += 1) {
    turns.push(player.turn(rows.slice(0, count), 60 * count + 5));
  }
  return turns;
}

/** Returns the shares, and how it ended. */
export function playedBy(player: Player, minutes: readonly Minute[]) {
  const turns = turnsOf(player, minutes);
  return { shares: turns.map(({ share }) => share), outcome: turns.at(-1)?.outcome, minutes: turns.length - 1 };
}

/** The same minute so often. */
export function times(count: number, minute: Minute = {}): Minute[] {
  return Array.from({ length: count }, () => minute);
}
