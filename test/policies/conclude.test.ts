import { describe, expect, test } from 'vitest';
import { conclude } from '../../src/policies/conclude.js';
import type { PolicyInput } from '../../src/release/policy.js';
import { policyInput, rollout } from './policy-input.js';
import { inputOn, verdictOn } from './several.js';

const late = 3601;
const passed = { outcome: 'pass' } as const;
const nothing = () => undefined;

describe('conclude()', () => {
  test.each([
    ['to-winner', { kind: 'promote', version: 'v2', reason: 'because' }],
    ['to-baseline', { kind: 'roll back', reason: 'because; onTermination is to-baseline' }],
    ['keep-last', { kind: 'hold', ended: 'kept', reason: 'because; onTermination is keep-last' }],
  ] as const)('ends an analysis with a winner as onTermination says: %s', (onTermination, move) => {
    expect(conclude(policyInput('pass', { rollout: { ...rollout, onTermination } }), nothing)).toEqual(move);
  });

  test.each([
    ['to-winner', 'roll back', undefined],
    ['to-baseline', 'roll back', undefined],
    ['keep-last', 'hold', 'kept'],
  ] as const)('lets the baseline win when the time is up: %s', (onTermination, kind, ended) => {
    const verdict = verdictOn({ v2: { outcome: 'marginal' } }, { winner: 'v1' });
    const input = inputOn(verdict, { rollout: { ...rollout, onTermination, onInconclusive: 'promote' } });
    expect(conclude(input, nothing)).toEqual({ kind: 'hold', reason: 'because' });
    expect(conclude({ ...input, elapsed: late }, nothing)).toMatchObject({ kind, ...(ended && { ended }) });
  });

  test('is not over before minDuration, even where maxDuration is', () => {
    const analysis = { ...policyInput('pass').analysis, minDuration: 7200 };
    const input: PolicyInput = { ...policyInput('inconclusive', { analysis }), elapsed: late };
    expect(conclude(input, nothing)).toEqual({ kind: 'hold', reason: 'because' });
    expect(conclude({ ...input, elapsed: 7201 }, nothing)).toMatchObject({ ended: 'inconclusive' });
  });

  test('takes out who failed before the others win, and keeps no fail', () => {
    const verdict = verdictOn({ v2: { outcome: 'fail' }, v3: passed });
    const keeping = { ...rollout, onTermination: 'keep-last' } as const;
    const input = inputOn(verdict, { rollout: keeping, shares: { v2: 5, v3: 5 } });
    expect(conclude(input, nothing)).toEqual({ kind: 'advance', shares: { v2: 0, v3: 5 }, reason: 'v2 fail' });
    expect(conclude({ ...input, shares: { v2: 0, v3: 5 } }, nothing)).toMatchObject({ ended: 'kept' });
    const failed = policyInput('fail', { rollout: keeping, elapsed: late });
    expect(conclude(failed, nothing).kind).toBe('roll back');
  });

  test('rolls back when the last one with a share fails, whatever is said of those that were taken out', () => {
    const verdict = verdictOn({ v2: { outcome: 'inconclusive' }, v3: { outcome: 'fail' } });
    expect(conclude(inputOn(verdict, { shares: { v2: 0, v3: 5 } }), nothing)).toEqual({
      kind: 'roll back',
      reason: 'v3 fail',
    });
  });

  test('promotes nobody without a share, whom a person took out', () => {
    expect(conclude(policyInput('pass', { shares: { v2: 0 } }), nothing).kind).toBe('hold');
  });

  test('promotes nobody without a pass, whoever is said to have won', () => {
    const verdict = verdictOn({ v2: { outcome: 'marginal' } }, { winner: 'v2' });
    expect(conclude(inputOn(verdict), nothing).kind).toBe('hold');
    expect(conclude(inputOn(verdict, { elapsed: late }), nothing)).toMatchObject({ ended: 'inconclusive' });
  });

  test('advances to what is wished for, with the reason, unless it is what there is', () => {
    const input = policyInput('inconclusive');
    const wish = (v2: number) => conclude(input, () => ({ shares: { v2 }, because: 'so' }));
    expect(wish(7)).toEqual({ kind: 'advance', shares: { v2: 7 }, reason: 'so; because' });
    expect(wish(5)).toEqual({ kind: 'hold', reason: 'because' });
  });
});
