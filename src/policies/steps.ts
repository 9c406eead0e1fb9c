import type { Move, Policy, PolicyInput } from '../release/policy.js';
import { concluded, terminate } from './conclude.js';

/** Fixed steps: every pass of the judge moves one step on, the last one promotes, a fail rolls back. */
export const steps = {
  id: 'steps',
  reads: ['steps'],
  entryShare: ({ steps: [first] }) => first?.share ?? 0,
  reaches: ({ steps: all }) => all.map(({ share }) => share),
  decide: (input) => concluded(input) ?? next(input),
} as const satisfies Policy;

/** With several candidates all have the same share, and the winner of the last step is promoted. */
function next(input: PolicyInput): Move {
  const { verdict, shares, candidates, rollout, moves } = input;
  const now = Math.max(...candidates.map((candidate) => shares[candidate] ?? 0));
  const step = moves === 'nothing' ? undefined : rollout.steps.find(({ share }) => share > now);
  if (verdict.outcome !== 'pass' || step === undefined) return terminate(input);
  const moved = candidates.map((candidate) => [candidate, step.share] as const);
  return { kind: 'advance', shares: Object.fromEntries(moved), reason: verdict.sentence };
}
