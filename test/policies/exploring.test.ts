import { describe, expect, test } from 'vitest';
import { progressive } from '../../src/policies/progressive.js';
import { top2 } from '../../src/policies/top-2.js';
import { uniform } from '../../src/policies/uniform.js';
import type { Policy, PolicyInput, Rollout } from '../../src/release/policy.js';
import { rollout as fixedSteps } from './policy-input.js';
import { inputOn, type Said, verdictOn } from './several.js';

/** Increments that leave the arithmetic alone. */
const free: Rollout = { ...fixedSteps, policy: 'progressive', steps: [], maxIncrement: 100 };
const careful: Rollout = { ...fixedSteps, policy: 'progressive', steps: [] };

const open: Said = { outcome: 'inconclusive' };

/** Of three versions: how probable it is that each is the best, one of the two best, one of all. */
const ranks = { v1: [0.1, 0.5, 1], v2: [0.2, 0.6, 1], v3: [0.7, 0.9, 1] };

function sharesOf(policy: Policy, more: Partial<PolicyInput> = {}) {
  const verdict = verdictOn({ v2: open, v3: open }, { ranks });
  const move = policy.decide(inputOn(verdict, { rollout: free, ...more }));
  return move.kind === 'advance' ? move.shares : move;
}

describe('progressive, top-2 and uniform', () => {
  test('decide() gives 0.9 of the share of the draws and 0.1/n, by largest remainder', () => {
    // 100 · (0.9·0.2 + 0.1/3) = 21.33, 100 · (0.9·0.7 + 0.1/3) = 66.33, and 12.33 for the baseline.
    expect(sharesOf(progressive)).toEqual({ v2: 21, v3: 66 });
    // 100 · (0.9·0.3 + 0.1/3) = 30.33, 100 · (0.9·0.45 + 0.1/3) = 43.83, and 25.83 for the baseline.
    expect(sharesOf(top2)).toEqual({ v2: 30, v3: 44 });
    expect(sharesOf(uniform)).toEqual({ v2: 33, v3: 33 });
  });

  test('decide() grows by maxIncrement, and shrinks at once', () => {
    expect(sharesOf(progressive, { rollout: careful, shares: { v2: 50, v3: 30 } })).toEqual({ v2: 21, v3: 32 });
    expect(sharesOf(progressive, { rollout: { ...careful, maxIncrement: 10 } })).toEqual({ v2: 15, v3: 15 });
  });

  test('decide() stays below maxCandidateWeight', () => {
    expect(sharesOf(progressive, { rollout: { ...free, maxCandidateWeight: 40 } })).toEqual({ v2: 21, v3: 40 });
  });

  test('decide() holds where the shares are what they should be', () => {
    expect(sharesOf(progressive, { shares: { v2: 21, v3: 66 } })).toEqual({ kind: 'hold', reason: 'because' });
  });

  test('decide() takes the share of a failed candidate, and divides among the others after that', () => {
    const verdict = verdictOn({ v2: { outcome: 'fail' }, v3: open }, { ranks });
    const first = progressive.decide(inputOn(verdict, { rollout: free }));
    expect(first).toEqual({ kind: 'advance', shares: { v2: 0, v3: 5 }, reason: 'v2 fail' });
    // 100 · (0.9·0.7/0.8 + 0.1/2) = 83.75.
    const second = progressive.decide(inputOn(verdict, { rollout: free, shares: { v2: 0, v3: 5 } }));
    expect(second).toMatchObject({ kind: 'advance', shares: { v2: 0, v3: 84 } });
  });

  test('decide() lets nobody in: a candidate without a share stays without', () => {
    expect(sharesOf(uniform, { shares: { v2: 0, v3: 5 } })).toEqual({ v2: 0, v3: 50 });
  });

  test('decide() gives the baseline all but the exploration where no draw is feasible', () => {
    const none = { v1: [0, 0, 0], v2: [0, 0, 0], v3: [0, 0, 0] };
    const verdict = verdictOn({ v2: open, v3: open }, { ranks: none });
    expect(progressive.decide(inputOn(verdict, { rollout: free }))).toMatchObject({ shares: { v2: 3, v3: 3 } });
  });
});

describe('progressive without ranks', () => {
  /** Early, so that a pass does not end the analysis. */
  function early(said: { readonly [version: string]: Said }, winner?: string) {
    const input = inputOn(verdictOn(said, winner === undefined ? {} : { winner }), { rollout: free });
    const analysis = { ...input.analysis, minDuration: 900 };
    const move = progressive.decide({ ...input, analysis, shares: { v2: 20, v3: 20 } });
    return move.kind === 'advance' ? move.shares : move.kind;
  }

  test('decide() gives the winner all but the exploration', () => {
    expect(early({ v2: { outcome: 'pass' }, v3: { outcome: 'pass' } })).toEqual({ v2: 3, v3: 93 });
  });

  test('decide() divides between those that pass where none of them has won', () => {
    expect(early({ v2: { outcome: 'pass' }, v3: { outcome: 'pass' } }, 'nobody')).toEqual({ v2: 48, v3: 48 });
  });

  test('decide() falls back to the baseline where nobody is good', () => {
    expect(early({ v2: { outcome: 'marginal' }, v3: { outcome: 'marginal' } })).toEqual({ v2: 3, v3: 3 });
    expect(early({ v2: { outcome: 'marginal' }, v3: open }, 'v1')).toBe('hold');
  });

  test('decide() knows that of two versions both are among the two best', () => {
    const input = inputOn(verdictOn({ v2: { outcome: 'marginal' } }), { rollout: free });
    expect(top2.decide(input)).toMatchObject({ kind: 'advance', shares: { v2: 50 } });
    expect(progressive.decide({ ...input, shares: { v2: 20 } })).toMatchObject({ shares: { v2: 5 } });
  });

  test('decide() holds while nothing is known', () => {
    expect(early({ v2: open, v3: open })).toBe('hold');
  });
});

describe('entryShare()', () => {
  test('is maxIncrement up to 50, unless the values name one, and never above maxCandidateWeight', () => {
    expect(progressive.entryShare(free)).toBe(50);
    expect(progressive.entryShare(careful)).toBe(2);
    expect(progressive.entryShare({ ...careful, maxIncrement: 10 })).toBe(10);
    expect(progressive.entryShare({ ...careful, maxIncrement: 10, entryShare: 4 })).toBe(4);
    expect(progressive.entryShare({ ...careful, entryShare: 20, maxCandidateWeight: 15 })).toBe(15);
  });
});
