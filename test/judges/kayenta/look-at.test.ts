import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookAt } from '../../../src/judges/kayenta/look-at.js';
import { verdictOf } from '../../../src/judges/kayenta/verdict.js';
import type { Objective, Sample } from '../../../src/release/evaluation.js';
import type { JudgeInput } from '../../../src/release/judge.js';
import { input } from '../threshold-input.js';

const INTERVAL = 60;

function rowsOf(length: number) {
  return Array.from({ length }, (_, i) => ({ end: INTERVAL * (i + 1), versions: {} }));
}

function look(length: number, given: Pick<JudgeInput, 'lookback' | 'due'> = {}, windows = 30) {
  const rows = rowsOf(length);
  const found = lookAt(rows, windows, { ledger: { interval: INTERVAL, rows }, ...given });
  const [first, last] = [found.rows[0], found.rows.at(-1)];
  return { from: first && first.end / INTERVAL, to: last && last.end / INTERVAL, after: found.after, next: found.next };
}

describe('lookAt()', () => {
  test('looks at those since the look before, as long as nothing else is said', () => {
    expect(look(29)).toMatchObject({ from: undefined, after: 29, next: 30 });
    expect(look(30)).toEqual({ from: 1, to: 30, after: 0, next: 60 });
    expect(look(59)).toEqual({ from: 1, to: 30, after: 29, next: 60 });
    expect(look(60)).toEqual({ from: 31, to: 60, after: 0, next: 90 });
  });

  test('looks at all since the analysis began, or as far back as it is told', () => {
    expect(look(65, { lookback: 'growing' })).toEqual({ from: 1, to: 60, after: 5, next: 90 });
    expect(look(65, { lookback: 45 * INTERVAL })).toEqual({ from: 16, to: 60, after: 5, next: 90 });
    expect(look(30, { lookback: 45 * INTERVAL })).toMatchObject({ from: 1, to: 30 });
  });

  test('looks once more where the time is up, and from there on counts anew', () => {
    const due = 45 * INTERVAL + 7;
    expect(look(59, { due: 59 * INTERVAL })).toMatchObject({ from: 31, to: 59 });
    expect(look(60, { due: 60 * INTERVAL })).toMatchObject({ from: 31, to: 60 });
    expect(look(44, { due })).toEqual({ from: 30, to: 44, after: 0, next: 74 });
    expect(look(45, { due })).toEqual({ from: 31, to: 45, after: 0, next: 75 });
    expect(look(60, { due })).toEqual({ from: 31, to: 45, after: 15, next: 75 });
    expect(look(75, { due })).toEqual({ from: 46, to: 75, after: 0, next: 105 });
    expect(look(45, { due, lookback: 'growing' })).toMatchObject({ from: 1, to: 45 });
  });

  test('takes no window twice into looks that follow each other, and leaves none out, whatever their number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 400 }), (windows, length) => {
        const { from, to, after } = look(length, {}, windows);
        expect((to ?? 0) + after).toBe(length);
        expect(to === undefined ? 0 : to % windows).toBe(0);
        if (from !== undefined && to !== undefined) expect(to - from + 1).toBe(windows);
      }),
    );
  });
});

const slower: Objective = { metric: 'latency-mean', maxRatio: 1.2 };

function sample(t: number, mean: number, errors = 0): Sample {
  return { requests: 1000, errors, latencySum: 1000 * mean * (1 + (t % 7) / 50) };
}

function judge(length: number, window: (t: number) => readonly Sample[], more: Partial<JudgeInput> = {}) {
  const windows = Array.from({ length }, (_, t) => window(t));
  return verdictOf(input(windows, { objectives: [{ metric: 'error-rate' }, slower], ...more }));
}

const alike = (t: number) => [sample(t, 20, t % 3), sample(t + 3, 20, (t + 1) % 3)];

describe('verdictOf() of what is configured', () => {
  test('judges the remainder of an analysis whose time is no multiple of its looks', () => {
    const late = (t: number) => (t < 30 ? alike(t) : [sample(t, 20), sample(t, 60)]);
    expect(judge(50, late).outcome).toBe('inconclusive');
    expect(judge(50, late, { due: 50 * INTERVAL })).toMatchObject({
      outcome: 'fail',
      sentence: expect.stringContaining('latency-mean is high'),
    });
    expect(judge(50, alike, { due: 50 * INTERVAL }).outcome).toBe('pass');
  });

  test('does not judge a handful of windows because the time is up', () => {
    expect(judge(14, alike, { due: 14 * INTERVAL })).toMatchObject({
      outcome: 'inconclusive',
      sentence: 'the time is up after 14 windows of v2, too few where 30 are a look',
    });
    expect(judge(15, alike, { due: 15 * INTERVAL }).outcome).toBe('pass');
  });

  test('goes on at a score between the thresholds, fails below at once, and passes at pass only', () => {
    const slow = (t: number) => [sample(t, 20, t % 3), sample(t + 3, 40, (t + 1) % 3)];
    const at = (pass: number, marginal: number) =>
      judge(30, slow, { settings: { kayenta: { pass, marginal } } }).outcome;
    expect(at(80, 50)).toBe('marginal');
    expect(at(80, 51)).toBe('fail');
    expect(at(50, 50)).toBe('pass');
  });

  test('scores by groups and their weights, and fails by a critical metric alone', () => {
    const slow = (t: number) => [sample(t, 20, t % 3), sample(t + 3, 40, (t + 1) % 3)];
    const objectives = (critical: boolean): Objective[] => [
      { metric: 'error-rate', kayenta: { groups: ['errors'] } },
      { metric: 'latency-mean', kayenta: { groups: ['latency'], critical, direction: 'increase' } },
    ];
    const settings = { kayenta: { pass: 80, marginal: 50, groupWeights: { errors: 85, latency: 15 } } };
    expect(judge(30, slow, { settings, objectives: objectives(false) })).toMatchObject({
      outcome: 'pass',
      sentence: expect.stringContaining('v2 scores 85 of 100'),
    });
    expect(judge(30, slow, { settings, objectives: objectives(true) })).toMatchObject({
      outcome: 'fail',
      sentence: expect.stringMatching(/scores 0 of 100 .* latency-mean is high .* which is critical/),
    });
  });

  test('shows a muted metric, and counts it for nothing', () => {
    const slow = (t: number) => [sample(t, 20, t % 3), sample(t + 3, 40, (t + 1) % 3)];
    const objectives: Objective[] = [{ metric: 'error-rate' }, { metric: 'latency-mean', kayenta: { muted: true } }];
    const { outcome, sentence } = judge(30, slow, { objectives });
    expect(outcome).toBe('pass');
    expect(sentence).toMatch(/latency-mean is high .* which is muted/);
  });

  test('takes a missing value for 0 where it is told to, and misses what it must have', () => {
    const quiet = { metric: 'failures', kayenta: { nanStrategy: 'replace' } } as const;
    expect(judge(30, alike, { objectives: [slower, quiet] }).outcome).toBe('pass');
    expect(judge(30, alike, { objectives: [slower, { metric: 'failures' }] }).outcome).toBe('inconclusive');
    const needed = { metric: 'failures', kayenta: { mustHaveData: true } } as const;
    expect(judge(30, alike, { objectives: [slower, needed] }).outcome).toBe('fail');
  });
});
