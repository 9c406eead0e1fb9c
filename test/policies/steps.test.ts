import { describe, expect, test } from 'vitest';
import { steps } from '../../src/policies/steps.js';
import type { Outcome } from '../../src/release/judge.js';
import type { PolicyInput } from '../../src/release/policy.js';
import { policyInput, rollout, verdictOf } from './policy-input.js';

const late = 3601;

function decide(outcome: Outcome, share: number, more: Partial<PolicyInput> = {}) {
  return steps.decide(policyInput(outcome, { shares: { v2: share }, ...more }));
}

describe('steps', () => {
  test('decide() goes to the next step on a pass', () => {
    expect(decide('pass', 5)).toMatchObject({ kind: 'advance', shares: { v2: 20 } });
  });

  test('decide() goes on above a share that a person chose between two steps', () => {
    expect(decide('pass', 30)).toMatchObject({ kind: 'advance', shares: { v2: 50 } });
  });

  test('decide() promotes after the last step', () => {
    expect(decide('pass', 50)).toMatchObject({ kind: 'promote', version: 'v2' });
  });

  test('decide() rolls back on a fail, at any step and however late', () => {
    expect(decide('fail', 5)).toMatchObject({ kind: 'roll back', reason: 'because' });
    const promoting = { ...rollout, onInconclusive: 'promote' } as const;
    expect(decide('fail', 50, { elapsed: late, rollout: promoting })).toMatchObject({ kind: 'roll back' });
  });

  test('decide() holds while nothing is concluded', () => {
    expect(decide('inconclusive', 20)).toEqual({ kind: 'hold', reason: 'because' });
  });

  test.each(['nodata', 'high', 'low'] as const)(
    'decide() does not promote what is %s, even where onInconclusive is promote',
    (classification) => {
      const [kept] = verdictOf('pass').standings[0]?.assessments ?? [];
      const assessments = kept ? [kept, { ...kept, classification }] : [];
      const verdict = verdictOf('inconclusive', { assessments });
      const promoting = { ...rollout, onInconclusive: 'promote' } as const;
      expect(decide('inconclusive', 5, { verdict, elapsed: late, rollout: promoting }).kind).toBe('hold');
    },
  );

  test.each([
    ['hold', 'hold'],
    ['rollback', 'roll back'],
    ['promote', 'promote'],
  ] as const)('decide() does as onInconclusive says when the time is up: %s', (onInconclusive, kind) => {
    expect(decide('inconclusive', 20, { elapsed: late, rollout: { ...rollout, onInconclusive } }).kind).toBe(kind);
  });
});
