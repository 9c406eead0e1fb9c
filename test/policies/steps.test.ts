import { describe, expect, test } from 'vitest';
import { steps } from '../../src/policies/steps.js';
import type { Outcome } from '../../src/release/judge.js';
import type { PolicyInput } from '../../src/release/policy.js';
import { policyInput, rollout, verdictOf } from './policy-input.js';
import { inputOn, verdictOn } from './several.js';

const late = 3601;

function decide(outcome: Outcome, share: number, more: Partial<PolicyInput> = {}) {
  return steps.decide(policyInput(outcome, { shares: { v2: share }, ...more }));
}

describe('steps', () => {
  test.each([
    [1, [5, 20, 50]],
    [2, [5, 20, 33, 50]],
    [3, [5, 20, 25, 33, 50]],
  ])('reaches() names what is left for each of up to %d candidates', (candidates, shares) => {
    expect(steps.reaches(rollout, candidates)).toEqual(shares);
  });

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

  test('decide() does not promote what was not measured at all', () => {
    const verdict = verdictOf('inconclusive', { assessments: [] });
    const promoting = { ...rollout, onInconclusive: 'promote' } as const;
    expect(decide('inconclusive', 5, { verdict, elapsed: late, rollout: promoting }).kind).toBe('hold');
  });
});

describe('steps with durations and pauses', () => {
  const stays = (duration: number, pause = false) => ({ duration, pause });

  /** Steps of 5 % and 50 %, which hold a candidate as they are told to. */
  function at(
    share: number,
    [first, last]: [object, object],
    more: Partial<PolicyInput> = {},
    outcome: Outcome = 'pass',
  ) {
    const held = [
      { share: 5, ...stays(0), ...first },
      { share: 50, ...stays(0), ...last },
    ];
    return decide(outcome, share, { ...more, rollout: { ...rollout, ...more.rollout, steps: held } });
  }

  test('decide() stays for the duration of a step, also one that a person went past', () => {
    expect(at(5, [stays(600), {}], { settled: 599 })).toEqual({
      kind: 'hold',
      reason: 'v2 stays at 5 % for 1 more min; because',
    });
    expect(at(30, [stays(600), {}], { settled: 599 }).kind).toBe('hold');
    expect(at(5, [stays(600), {}], { settled: 600 })).toMatchObject({ kind: 'advance', shares: { v2: 50 } });
    expect(at(2, [stays(600), {}], { settled: 0 })).toMatchObject({ kind: 'advance', shares: { v2: 5 } });
  });

  test('decide() stays at a pause, however long and whatever the time is', () => {
    const reason = 'v2 stays at 5 % until a person takes the pause out of the step; because';
    expect(at(5, [stays(0, true), {}], { settled: 1e6 })).toEqual({ kind: 'hold', reason });
    const rollingBack = { ...rollout, onInconclusive: 'rollback' } as const;
    const overtime = { elapsed: late, rollout: rollingBack };
    expect(at(5, [stays(0, true), {}], overtime, 'inconclusive')).toEqual({ kind: 'hold', reason });
    expect(at(5, [{}, {}], overtime, 'inconclusive').kind).toBe('roll back');
  });

  test('decide() rolls back in a pause too', () => {
    expect(at(5, [stays(0, true), {}], {}, 'fail').kind).toBe('roll back');
  });

  test('decide() counts the duration and the pause of the last step before it promotes', () => {
    expect(at(50, [{}, stays(600)], { settled: 599 }).kind).toBe('hold');
    expect(at(50, [{}, stays(0, true)]).kind).toBe('hold');
    expect(at(50, [{}, stays(600)], { settled: 600 }).kind).toBe('promote');
  });

  test('decide() promotes nobody in the duration of a step when the time is up, and rolls back at once', () => {
    const ended = (onInconclusive: 'promote' | 'rollback') => {
      const asked = { ...rollout, onInconclusive };
      return at(5, [stays(600), {}], { settled: 60, elapsed: late, rollout: asked }, 'inconclusive').kind;
    };
    expect(ended('promote')).toBe('hold');
    expect(ended('rollback')).toBe('roll back');
  });
});

describe('steps of several candidates', () => {
  const passed = { outcome: 'pass' } as const;
  const open = { outcome: 'inconclusive' } as const;

  test('decide() moves every candidate on by its own pass', () => {
    const verdict = verdictOn({ v2: passed, v3: open, v4: passed });
    const input = inputOn(verdict, { shares: { v2: 5, v3: 5, v4: 0 }, rollout });
    expect(steps.decide(input)).toMatchObject({ kind: 'advance', shares: { v2: 20, v3: 5, v4: 0 } });
  });

  test('decide() leaves the baseline as much as any candidate, and the last step is where that ends', () => {
    const verdict = verdictOn({ v2: passed, v3: passed });
    const shares = (v2: number, v3: number) => inputOn(verdict, { shares: { v2, v3 }, rollout });
    expect(steps.decide(shares(60, 20))).toMatchObject({ shares: { v2: 33, v3: 33 } });
    expect(steps.decide(shares(33, 33))).toMatchObject({ kind: 'promote', version: 'v3' });
    expect(steps.decide({ ...shares(20, 20), moves: 'copies' })).toMatchObject({ shares: { v2: 50, v3: 50 } });
  });

  test('decide() stays for every step that comes to the same share', () => {
    const held = [
      { share: 50, duration: 600, pause: false },
      { share: 80, duration: 0, pause: false },
    ];
    const verdict = verdictOn({ v2: passed, v3: passed });
    const input = inputOn(verdict, { shares: { v2: 33, v3: 33 }, rollout: { ...rollout, steps: held } });
    expect(steps.decide({ ...input, settled: 599 }).kind).toBe('hold');
    expect(steps.decide({ ...input, settled: 600 }).kind).toBe('promote');
  });

  test('decide() takes the share of one that failed before it moves another, and promotes what is left', () => {
    const verdict = verdictOn({ v2: { outcome: 'fail' }, v3: passed });
    const input = inputOn(verdict, { shares: { v2: 50, v3: 50 }, rollout });
    expect(steps.decide(input)).toEqual({ kind: 'advance', shares: { v2: 0, v3: 50 }, reason: 'v2 fail' });
    expect(steps.decide({ ...input, shares: { v2: 0, v3: 50 } })).toMatchObject({ kind: 'promote', version: 'v3' });
  });
});
