import { describe, expect, test } from 'vitest';
import { summaryOf } from '../../src/evaluate/commit-plan.js';
import type { Decision } from '../../src/evaluate/decision.js';

function summary(given: Pick<Decision, 'kind' | 'moves' | 'from' | 'to'>): string {
  const nothing = { change: undefined, evidence: undefined };
  return summaryOf({ release: 'reviews', candidate: 'v2', reason: 'because', ...nothing, ...given });
}

describe('summaryOf()', () => {
  test.each([
    ['shares', 'candidate v2 0 % → 5 %', 'hold v2 at 5 %', 'roll back v2 5 % → 0 %'],
    ['copies', 'candidate v2, copies 0 % → 5 %', 'hold v2 with copies of 5 %', 'roll back v2, copies 5 % → 0 %'],
    [
      'nothing',
      'candidate v2 gets what matches',
      'hold v2 with what matches',
      'roll back v2, which loses what matches',
    ],
  ] as const)('says what is moved where it is %s', (moves, enters, holds, leaves) => {
    expect(summary({ kind: 'advance', moves, from: 0, to: 5 })).toBe(enters);
    expect(summary({ kind: 'hold', moves, from: 5, to: 5 })).toBe(holds);
    expect(summary({ kind: 'roll back', moves, from: 5, to: 0 })).toBe(leaves);
  });

  test('has no percent of all requests for a match', () => {
    expect(summary({ kind: 'advance', moves: 'nothing', from: 100, to: 100 })).toBe('candidate v2 with what matches');
    expect(summary({ kind: 'hold', moves: 'nothing', from: 0, to: 0 })).toBe('hold v2 with nothing');
  });
});
