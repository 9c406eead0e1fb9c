import { describe, expect, test } from 'vitest';
import { riskBudget } from '../../src/policies/risk-budget.js';
import type { Outcome, Pace } from '../../src/release/judge.js';
import type { PolicyInput } from '../../src/release/policy.js';
import { rollout as fixedSteps, policyInput, verdictOf } from './policy-input.js';
import { inputOn, verdictOn } from './several.js';

const rollout = { ...fixedSteps, policy: 'risk-budget', steps: [] };

interface Evidence {
  readonly excess?: number;
  readonly atMost: number;
  readonly pace?: Pace;
}

/** Decides on a candidate of 10,000 requests a window: a budget of 1,000, and 2 % at the entry. */
function decide(share: number, { excess = 0, atMost, pace }: Evidence, more: Partial<PolicyInput> = {}) {
  const verdict = verdictOf('inconclusive', { exposure: { excess, atMost, pace } });
  return riskBudget.decide(policyInput('inconclusive', { rollout, verdict, shares: { v2: share }, ...more }));
}

describe('riskBudget.entryShare()', () => {
  test.each([
    // 0.2 · max(30, 0.1·N) / N, from 1 % to 35 %, down to the rung.
    [10, 35],
    [17, 35],
    [30, 20],
    [60, 10],
    [75, 5],
    [120, 5],
    [121, 2],
    [300, 2],
    [333, 2],
    [30_000, 2],
    [1e9, 2],
  ])('of %i requests a window is %i %%', (traffic, share) => {
    expect(riskBudget.entryShare(rollout, traffic)).toBe(share);
  });

  test('is the smallest where the traffic is unknown', () => {
    expect(riskBudget.entryShare(rollout, undefined)).toBe(1);
  });

  test('is what the values say, whatever the traffic is', () => {
    expect(riskBudget.entryShare({ ...rollout, entryShare: 3 }, 10)).toBe(3);
  });
});

describe('riskBudget.reaches()', () => {
  test('has the ladder, and an entry share beside it', () => {
    expect(riskBudget.reaches(rollout)).toEqual([1, 2, 5, 10, 20, 35]);
    expect(riskBudget.reaches({ ...rollout, entryShare: 3 })).toEqual([1, 2, 3, 5, 10, 20, 35]);
  });
});

describe('riskBudget.decide()', () => {
  test('grows by at most 2.5 times, however sure it is', () => {
    expect(decide(5, { atMost: 0.001 })).toMatchObject({ kind: 'advance', shares: { v2: 10 } });
    expect(decide(10, { atMost: 0.001 })).toMatchObject({ kind: 'advance', shares: { v2: 20 } });
  });

  test('does not grow while what it has is enough for a pass in time', () => {
    const { interval, minDuration } = policyInput('inconclusive', {}).analysis;
    const windows = minDuration / interval;
    const grown = { kind: 'advance', shares: { v2: 10 } };
    const soon = { atMost: 0.001, pace: { now: windows, doubled: windows / 2 } };
    expect(decide(5, soon, { elapsed: minDuration - 1 }).kind).toBe('hold');
    expect(decide(5, soon, { elapsed: minDuration })).toMatchObject(grown);
    const late = { atMost: 0.001, pace: { now: windows + 1, doubled: windows / 2 } };
    expect(decide(5, late, { elapsed: minDuration - 1 })).toMatchObject(grown);
  });

  test('does not grow where more requests tell no more, but goes down all the same', () => {
    const pace = { now: 1000, doubled: 900 };
    expect(decide(5, { atMost: 0.001, pace }).kind).toBe('hold');
    expect(decide(5, { atMost: 0.001, pace: { ...pace, doubled: 700 } })).toMatchObject({ shares: { v2: 10 } });
    expect(decide(20, { atMost: 0.1, excess: 400, pace })).toMatchObject({ shares: { v2: 10 } });
    const never = { now: Number.POSITIVE_INFINITY, doubled: Number.POSITIVE_INFINITY };
    expect(decide(5, { atMost: 0.001, pace: never })).toMatchObject({ shares: { v2: 10 } });
  });

  test('grows no further than the budget allows', () => {
    // 0.2 · 1,000 / (10,000 · 0.08) = 25 %.
    expect(decide(10, { atMost: 0.08 })).toMatchObject({ shares: { v2: 20 } });
  });

  test('loses no rung by rounding', () => {
    // 0.2 · 30.2 / (302 · 0.1) is a hair below 20 % in floating point.
    expect(decide(10, { atMost: 0.1 }, { traffic: 302 })).toMatchObject({ shares: { v2: 20 } });
  });

  test('stays where the rung stays', () => {
    expect(decide(20, { atMost: 0.08 })).toEqual({ kind: 'hold', reason: 'because' });
    expect(decide(35, { atMost: 0 }).kind).toBe('hold');
  });

  test('goes down as the budget is spent', () => {
    expect(decide(20, { atMost: 0.08, excess: 600 })).toEqual({
      kind: 'advance',
      shares: { v2: 10 },
      reason: 'the risk budget allows 10 %: 600 of 1,000 bad requests are spent; because',
    });
    expect(decide(20, { atMost: 0.08, excess: 5_000 })).toMatchObject({ shares: { v2: 1 } });
  });

  test('leaves a share off the ladder alone while its rung is the same', () => {
    expect(decide(30, { atMost: 0.08 }).kind).toBe('hold');
    expect(decide(7, { atMost: 1 })).toMatchObject({ shares: { v2: 2 } });
  });

  test('comes back to the 35 % beyond which more requests cost more than they tell', () => {
    expect(decide(80, { atMost: 0 })).toMatchObject({ shares: { v2: 35 } });
  });

  test('stays where a judge counts no harm, and where the traffic is unknown', () => {
    const uncounted = policyInput('inconclusive', { rollout, shares: { v2: 5 } });
    expect(riskBudget.decide(uncounted)).toEqual({ kind: 'hold', reason: 'because' });
    expect(decide(5, { atMost: 0.001 }, { traffic: undefined }).kind).toBe('hold');
  });

  test('ramps on after an early pass, and promotes once minDuration is over', () => {
    const verdict = verdictOf('pass', { exposure: { excess: 0, atMost: 0.001 } });
    const analysis = { ...policyInput('pass').analysis, minDuration: 900 };
    const early = policyInput('pass', { rollout, verdict, analysis, elapsed: 840 });
    expect(riskBudget.decide(early)).toMatchObject({ kind: 'advance', shares: { v2: 10 } });
    expect(riskBudget.decide({ ...early, shares: { v2: 35 } })).toEqual({
      kind: 'hold',
      reason: 'because; it is watched for 1 more min',
    });
    expect(riskBudget.decide({ ...early, elapsed: 900 })).toMatchObject({ kind: 'promote', version: 'v2' });
  });

  test('divides the budget and half of the requests between several candidates', () => {
    const exposed = (atMost: number) => ({ outcome: 'inconclusive' as Outcome, exposure: { excess: 100, atMost } });
    const verdict = verdictOn({ v2: exposed(0.08), v3: exposed(0.001) });
    // v2: 0.2 · (800 / 2) / (10,000 · 0.08) = 10 %; v3: 25 % at most.
    const move = riskBudget.decide(inputOn(verdict, { rollout, shares: { v2: 10, v3: 10 } }));
    expect(move).toEqual({
      kind: 'advance',
      shares: { v2: 10, v3: 20 },
      reason: 'the risk budget allows v2 10 %, v3 20 %: 200 of 1,000 bad requests are spent; because',
    });
  });

  test('lets several candidates copy up to 35 % each', () => {
    const exposure = { excess: 0, atMost: 0 };
    const verdict = verdictOn({ v2: { outcome: 'inconclusive', exposure }, v3: { outcome: 'inconclusive', exposure } });
    const move = riskBudget.decide(inputOn(verdict, { rollout, shares: { v2: 20, v3: 20 }, moves: 'copies' }));
    expect(move).toMatchObject({ kind: 'advance', shares: { v2: 35, v3: 35 } });
  });
});
