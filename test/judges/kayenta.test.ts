import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/kayenta/verdict.js';
import { kayenta } from '../../src/judges/kayenta.js';
import type { Objective, Sample } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { gauge, input } from './threshold-input.js';

const slower: Objective = { metric: 'latency-mean', maxRatio: 1.2 };

/** A thousand requests whose mean latency goes up and down between windows. */
function sample(t: number, mean: number, errors = 0): Sample {
  return { requests: 1000, errors, latencySum: 1000 * mean * (1 + (t % 7) / 50) };
}

function judge(length: number, window: (t: number) => readonly Sample[], more: Partial<JudgeInput> = {}) {
  const windows = Array.from({ length }, (_, t) => window(t));
  const verdict = verdictOf(input(windows, { objectives: [{ metric: 'error-rate' }, slower], ...more }));
  return { ...verdict, classes: verdict.standings[0]?.assessments.map(({ classification }) => classification) };
}

const alike = (t: number) => [sample(t, 20, t % 3), sample(t + 3, 20, (t + 1) % 3)];

describe('kayenta', () => {
  test('verdictOf() waits for its first look', () => {
    const { outcome, sentence } = judge(29, alike);
    expect({ outcome, sentence }).toEqual({
      outcome: 'inconclusive',
      sentence: 'v2 is looked at after 30 windows: 29 so far',
    });
  });

  test('verdictOf() scores the metrics as Kayenta does', () => {
    expect(judge(30, alike)).toMatchObject({
      outcome: 'pass',
      sentence: 'v2 scores 100 of 100 beside v1, 95 passes; every metric passes; 30 windows',
    });
    expect(judge(30, (t) => [sample(t, 20, t % 3), sample(t, 30, t % 3)])).toMatchObject({
      outcome: 'fail',
      classes: ['pass', 'high'],
      sentence: 'v2 scores 50 of 100 beside v1, 95 passes; latency-mean is high (31.7 ms against 21.1 ms); 30 windows',
    });
    const settings = { kayenta: { marginal: 50 } };
    expect(judge(30, (t) => [sample(t, 20), sample(t, 30)], { settings }).outcome).toBe('marginal');
  });

  test('verdictOf() takes no pass for longer than a tenth of the time until the next look, while a fail stays', () => {
    expect(judge(33, alike).outcome).toBe('pass');
    // Whatever has happened since, nobody has judged it.
    const dead = (t: number) => (t < 30 ? alike(t) : [sample(t, 20), sample(t, 20, 1000)]);
    expect(judge(34, dead)).toMatchObject({
      outcome: 'inconclusive',
      sentence: expect.stringContaining('the next look is after 60 windows: 34 so far'),
    });
    expect(judge(59, (t) => [sample(t, 20), sample(t, 30)]).outcome).toBe('fail');
    expect(judge(60, dead).outcome).toBe('fail');
  });

  test('verdictOf() decides alike in ms and in s', () => {
    for (const factor of [1, 1e-3, 1e-6]) {
      const found = judge(30, (t) => [sample(t, 0.5 * factor), sample(t, 0.7 * factor)]);
      expect(found.classes).toEqual(['pass', 'high']);
      expect(judge(30, (t) => [sample(t, 0.5 * factor), sample(t + 3, 0.5 * factor)]).outcome).toBe('pass');
    }
  });

  test('verdictOf() passes nothing that never varies, nor what nobody measured', () => {
    const still = { requests: 1000, errors: 0, latencySum: 20_000 };
    expect(judge(30, () => [still, still])).toMatchObject({ outcome: 'inconclusive', classes: ['pass', 'nodata'] });
    const queue = { objectives: [{ metric: 'queue' }] };
    expect(judge(30, () => [gauge(0), gauge(0)], queue).outcome).toBe('inconclusive');
    expect(judge(30, alike, queue)).toMatchObject({ outcome: 'inconclusive', classes: ['nodata'] });
  });

  test('verdictOf() fails a critical metric that is worse, whatever of the others nobody knows', () => {
    const still = (t: number, errors: number) => ({ requests: 1000, errors: errors + (t % 3), latencySum: 25_000 });
    const worse = (t: number) => [still(t, 5), still(t, 27)];
    const critical: Objective = { metric: 'error-rate', kayenta: { critical: true } };
    expect(judge(30, worse, { objectives: [critical, slower] })).toMatchObject({
      outcome: 'fail',
      sentence:
        'v2 scores 0 of 100 beside v1, 95 passes; error-rate is high (2.8 % against 0.6 %), which is critical and ' +
        'latency-mean is nodata (25 ms against 25 ms), as it never varied; 30 windows',
    });
    for (const kayenta of [{}, { critical: true, muted: true }]) {
      const objectives = [{ metric: 'error-rate', kayenta }, slower];
      expect(judge(30, worse, { objectives }).outcome).toBe('inconclusive');
    }
    const unknown = (kayenta: Objective['kayenta']) => ({ objectives: [{ metric: 'queue', kayenta }, slower] });
    const silent = () => [still(0, 0), still(0, 0)];
    expect(judge(30, silent, unknown({ critical: true, mustHaveData: true })).outcome).toBe('fail');
    expect(judge(30, silent, unknown({ critical: true })).outcome).toBe('inconclusive');
  });

  test('verdictOf() knows which way is worse', () => {
    expect(judge(30, (t) => [sample(t, 30), sample(t, 20)]).outcome).toBe('pass');
    const least = { objectives: [{ metric: 'latency-mean', minRatio: 0.9 }] };
    expect(judge(30, (t) => [sample(t, 30), sample(t, 20)], least).classes).toEqual(['low']);
    const either = { objectives: [{ metric: 'queue' }] };
    for (const value of [1, 9]) {
      expect(judge(30, (t) => [gauge(5 + (t % 5) / 10), gauge(value + (t % 5) / 10)], either).outcome).toBe('fail');
    }
  });

  test('verdictOf() wants the newest window, and enough requests', () => {
    const missing = { missing: 'no requests' };
    const rows = Array.from({ length: 31 }, (_, t) => (t < 30 ? alike(t) : [sample(t, 20), missing]));
    const objectives = [{ metric: 'error-rate' }];
    expect(verdictOf(input(rows, { objectives })).outcome).toBe('inconclusive');
    expect(judge(30, alike, { minRequests: 40_000 }).sentence).toBe('v1 needs 10,000 more requests: 30,000 of 40,000');
  });

  test.each<[Objective, boolean]>([
    [{ metric: 'error-rate', upperLimit: 0.01 }, true],
    [{ metric: 'error-rate', harm: { ratio: 1, difference: 0 } }, true],
    [{ metric: 'request-count' }, true],
    [{ metric: 'error-rate' }, false],
  ])('refuses() %j, comparable: %s', (objective, comparable) => {
    expect(kayenta.refuses(objective, { comparable })?.message).toBeTypeOf('string');
    expect(kayenta.refuses({ metric: 'error-rate', maxRatio: 1.1 }, { comparable: true })).toBeUndefined();
  });
});
