import type { Move, Policy, PolicyInput, Rollout, Step } from '../release/policy.js';
import { failing, overdue, takingPart, terminate, winnerOf } from './conclude.js';

/**
 * Fixed steps: a candidate that passes goes one step on, from the last one it is promoted, and a fail takes it out. It
 * stays at a step for its `duration`, and at a `pause` until a person takes that line out of the values.
 */
export const steps = {
  id: 'steps',
  reads: ['steps'],
  entryShare: ({ steps: [first] }) => first?.share ?? 0,
  reaches,
  decide: (input) => failing(input) ?? late(input) ?? onwards(input),
} as const satisfies Policy;

/** Beside others a candidate has at most its even part of what those that still take part divide. */
function reaches({ steps: all }: Rollout, candidates: number): readonly number[] {
  const parts = Array.from({ length: Math.max(0, candidates - 1) }, (_, i) => evenPart(i + 2));
  return [...new Set([...all.map(({ share }) => share), ...parts])].sort((a, b) => a - b);
}

/** The time ends no pause, since a person is asked; and it promotes nobody before the duration of a step is over. */
function late(input: PolicyInput): Move | undefined {
  const move = overdue(input);
  if (move === undefined) return undefined;
  const paused = takingPart(input).find((candidate) => positionOf(input, candidate).pause);
  const waiting = paused ?? (move.kind === 'promote' ? move.version : undefined);
  return (waiting === undefined ? undefined : stay(input, waiting)) ?? move;
}

/** Every candidate moves on by its own pass; the winner of the last step ends the analysis. */
function onwards(input: PolicyInput): Move {
  const winner = winnerOf(input);
  if (winner !== undefined && nextShare(input, winner) === undefined) return stay(input, winner) ?? terminate(input);
  const passed = takingPart(input).filter(
    (candidate) => hasPassed(input, candidate) && nextShare(input, candidate) !== undefined,
  );
  const moving = passed.filter((candidate) => stay(input, candidate) === undefined);
  if (moving.length > 0) return advance(input, moving);
  const [first] = passed;
  return (first === undefined ? undefined : stay(input, first)) ?? terminate(input);
}

function advance(input: PolicyInput, moving: readonly string[]): Move {
  const { candidates, shares, verdict } = input;
  const most = mostOf(input);
  const moved = candidates.map((candidate) => {
    const now = Math.min(shares[candidate] ?? 0, most);
    return [candidate, moving.includes(candidate) ? (nextShare(input, candidate) ?? now) : now] as const;
  });
  return { kind: 'advance', shares: Object.fromEntries(moved), reason: verdict.sentence };
}

function hasPassed({ verdict }: PolicyInput, candidate: string): boolean {
  return verdict.standings.some(({ version, outcome }) => version === candidate && outcome === 'pass');
}

/** Several candidates that split requests have at most as much as would be left for the baseline beside them. */
function mostOf(input: PolicyInput): number {
  const most = input.moves === 'shares' ? evenPart(takingPart(input).length) : 100;
  return Math.min(most, input.most ?? 100);
}

function evenPart(candidates: number): number {
  return candidates > 1 ? Math.floor(100 / (candidates + 1)) : 100;
}

function nextShare(input: PolicyInput, candidate: string): number | undefined {
  if (input.moves === 'nothing') return undefined;
  const now = input.shares[candidate] ?? 0;
  const most = mostOf(input);
  return input.rollout.steps.map(({ share }) => Math.min(share, most)).find((share) => share > now);
}

/** Returns where a candidate stands: the last step that is not above its share, with all that come to the same share. */
function positionOf(input: PolicyInput, candidate: string): Pick<Step, 'duration' | 'pause'> {
  const now = input.shares[candidate] ?? 0;
  const most = mostOf(input);
  const within = input.rollout.steps
    .map((step) => ({ ...step, share: Math.min(step.share, most) }))
    .filter(({ share }) => share <= now);
  const here = within.filter(({ share }) => share === within.at(-1)?.share);
  return { duration: Math.max(0, ...here.map((step) => step.duration)), pause: here.some(({ pause }) => pause) };
}

/** Returns why a candidate does not leave its step yet; undefined where it may. */
function stay(input: PolicyInput, candidate: string): Move | undefined {
  const { verdict, shares, settled } = input;
  const { duration, pause } = positionOf(input, candidate);
  const place = `${candidate} stays at ${shares[candidate]} %`;
  if (pause) {
    const reason = `${place} until a person takes the pause out of the step; ${verdict.sentence}`;
    return { kind: 'hold', reason };
  }
  if (settled >= duration) return undefined;
  const minutes = Math.ceil((duration - settled) / 60);
  return { kind: 'hold', reason: `${place} for ${minutes} more min; ${verdict.sentence}` };
}
