import { describe, expect, test } from 'vitest';
import { steps } from '../../src/policies/steps.js';
import type { Assessment, OnInconclusive, Verdict } from '../../src/release/evaluation.js';

const pass: Assessment = { metric: 'error-rate', classification: 'pass', value: 0, baseline: 0, limit: 0.01 };

function decide(
  outcome: Verdict['outcome'],
  share: number,
  more: { overdue?: boolean; onInconclusive?: OnInconclusive } = {},
) {
  const { overdue = false, onInconclusive = 'hold' } = more;
  const verdict: Verdict = { outcome, sentence: 'because', assessments: [pass], requests: {} };
  return steps.decide({ verdict, share, overdue, rollout: { policy: 'steps', steps: [5, 20, 50], onInconclusive } });
}

describe('steps', () => {
  test('decide() goes to the next step on a pass', () => {
    expect(decide('pass', 5)).toMatchObject({ kind: 'advance', share: 20 });
  });

  test('decide() goes on above a share that a person chose between two steps', () => {
    expect(decide('pass', 30)).toMatchObject({ kind: 'advance', share: 50 });
  });

  test('decide() promotes after the last step', () => {
    expect(decide('pass', 50)).toMatchObject({ kind: 'promote' });
  });

  test('decide() rolls back on a fail, at any step and however late', () => {
    expect(decide('fail', 5)).toMatchObject({ kind: 'roll back', reason: 'because' });
    expect(decide('fail', 50, { overdue: true, onInconclusive: 'promote' })).toMatchObject({ kind: 'roll back' });
  });

  test('decide() holds while nothing is concluded', () => {
    expect(decide('inconclusive', 20)).toEqual({ kind: 'hold', reason: 'because' });
  });

  test.each(['nodata', 'high', 'low'] as const)(
    'decide() does not promote what is %s, even where onInconclusive is promote',
    (classification) => {
      const assessments = [pass, { ...pass, classification }];
      const verdict: Verdict = { outcome: 'inconclusive', sentence: 'no data', assessments, requests: {} };
      const rollout = { policy: 'steps', steps: [5], onInconclusive: 'promote' } as const;
      expect(steps.decide({ verdict, share: 5, overdue: true, rollout }).kind).toBe('hold');
    },
  );

  test.each([
    ['hold', 'hold'],
    ['rollback', 'roll back'],
    ['promote', 'promote'],
  ] as const)('decide() does as onInconclusive says when the time is up: %s', (onInconclusive, kind) => {
    expect(decide('inconclusive', 20, { overdue: true, onInconclusive }).kind).toBe(kind);
  });
});
