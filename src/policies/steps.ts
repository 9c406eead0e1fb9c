import type { Move, Policy, PolicyInput, Verdict } from '../release/evaluation.js';

/** Fixed steps: every pass of the judge moves one step on, the last one promotes, a fail rolls back. */
export const steps = {
  id: 'steps',
  entryShare: ({ steps: [first = 0] }) => first,
  decide,
} as const satisfies Policy;

function decide({ verdict, share, rollout, overdue }: PolicyInput): Move {
  const reason = verdict.sentence;
  if (verdict.outcome === 'fail') return { kind: 'roll back', reason };
  if (verdict.outcome === 'pass') {
    const next = rollout.steps.find((step) => step > share);
    return next === undefined ? { kind: 'promote', reason } : { kind: 'advance', share: next, reason };
  }
  if (!overdue) return { kind: 'hold', reason };
  const late = `the time is up and nothing is concluded: ${reason}`;
  if (rollout.onInconclusive === 'promote' && looksGood(verdict)) return { kind: 'promote', reason: late };
  if (rollout.onInconclusive === 'rollback') return { kind: 'roll back', reason: late };
  return { kind: 'hold', reason: late };
}

/** No data is never a pass, whatever the rollout says: every objective was measured just now, and holds. */
function looksGood({ assessments }: Verdict): boolean {
  return assessments.every(({ classification }) => classification === 'pass');
}
