import { describe, expect, test } from 'vitest';
import type { Classification } from '../../../src/judges/kayenta/judge-metric.js';
import { type ScoredMetric, scoreMetrics } from '../../../src/judges/kayenta/score-metrics.js';

const thresholds = { pass: 95, marginal: 75 };

function metric(classification: Classification, groups: readonly string[] = ['A'], critical = false): ScoredMetric {
  return { classification, critical, groups };
}

function times(count: number, each: ScoredMetric): ScoredMetric[] {
  return Array.from({ length: count }, () => each);
}

function scoreOf(metrics: readonly ScoredMetric[], weights: Record<string, number> = {}) {
  return scoreMetrics(metrics, { weights, thresholds });
}

describe('scoreMetrics()', () => {
  test('shares what the weights leave of 100, and names the groups in their order', () => {
    const metrics = [metric('Pass', ['B']), metric('High', ['C', 'A']), metric('Pass', ['A']), metric('Pass', ['A'])];
    // A: 2 of 3 at 60 %, B: 1 of 1 and C: 0 of 1 at 20 % each.
    expect(scoreOf(metrics, { A: 60 })).toEqual({
      groupScores: [
        { name: 'B', score: 100 },
        { name: 'C', score: 0 },
        { name: 'A', score: (2 / 3) * 100 },
      ],
      score: 60,
      classification: 'Fail',
    });
  });

  test('counts pass against pass, high, low and required data that are missing', () => {
    const metrics = [metric('Pass'), metric('High'), metric('Low'), metric('NodataFailMetric'), metric('Nodata')];
    expect(scoreOf(metrics).groupScores).toEqual([{ name: 'A', score: 25 }]);
    expect(scoreOf(metrics).score).toBe(25);
  });

  test('has two decimals', () => {
    expect(scoreOf([...times(2, metric('Pass')), metric('Low')]).score).toBe(66.67);
    expect(scoreOf([...times(1, metric('Pass')), ...times(2, metric('Low'))]).score).toBe(33.33);
  });

  test.each([
    [1.005, 1.01],
    [10.125, 10.13],
    [12.344, 12.34],
    [-1.005, -1.01],
    [1e-9, 0],
    [1e22, 1e22],
  ])('rounds %s as it is written, halves away from 0', (weight, score) => {
    expect(scoreOf([metric('Pass')], { A: weight }).score).toBe(score);
  });

  test('takes weights as they are: a sum below or above 100, and what is left below 0', () => {
    const both = [metric('Pass', ['A']), metric('Pass', ['B'])];
    expect(scoreOf(both, { A: 10, B: 25 }).score).toBe(35);
    expect(scoreOf(both, { A: 60, B: 83.3 }).score).toBe(143.3);
    expect(scoreOf([metric('High', ['A']), metric('Pass', ['B'])], { A: 110 }).score).toBe(-10);
    // A group without metrics keeps its weight.
    expect(scoreOf([metric('Pass', ['A'])], { B: 40 }).score).toBe(60);
  });

  test('counts a group without anything compared as 100 and shows it with 0', () => {
    const metrics = [metric('Nodata', ['A']), metric('Error', ['B']), metric('Pass', ['C']), metric('Pass', ['C'])];
    const { groupScores, score } = scoreOf(metrics, { A: 30, B: 30 });
    expect(groupScores.map((group) => group.score)).toEqual([0, 0, 100]);
    expect(score).toBe(100);
  });

  test('is 0 with one critical metric that does not pass, whatever its group', () => {
    for (const classification of ['High', 'Low', 'Nodata'] as const) {
      const metrics = [...times(9, metric('Pass')), metric(classification, [], true)];
      expect(scoreOf(metrics)).toMatchObject({ score: 0, classification: 'Fail' });
      expect(scoreOf(metrics).groupScores).toEqual([{ name: 'A', score: 100 }]);
    }
    expect(scoreOf([metric('Pass', ['A'], true)]).score).toBe(100);
  });

  test('is 0 once data are missing for half of the metrics', () => {
    expect(scoreOf([...times(2, metric('Pass')), ...times(2, metric('Nodata'))]).score).toBe(0);
    expect(scoreOf([...times(3, metric('Pass')), ...times(2, metric('Nodata'))]).score).toBe(100);
    expect(scoreOf([...times(2, metric('Pass')), ...times(2, metric('NodataFailMetric'))]).score).toBe(50);
  });

  test('is 0 of nothing, and of metrics without a group', () => {
    expect(scoreOf([])).toEqual({ groupScores: [], score: 0, classification: 'Fail' });
    expect(scoreOf([metric('Pass', [])])).toEqual({ groupScores: [], score: 0, classification: 'Fail' });
  });

  test('counts a metric in a group as often as it names it, whatever the name', () => {
    const metrics = [metric('Pass', ['toString', 'toString']), metric('High', ['toString', '__proto__'])];
    expect(scoreOf(metrics).groupScores).toEqual([
      { name: 'toString', score: (2 / 3) * 100 },
      { name: '__proto__', score: 0 },
    ]);
  });

  test.each([
    [95, 'Pass'],
    [94.99, 'Marginal'],
    [75, 'Marginal'],
    [74.99, 'Fail'],
  ])('%s is %s: the thresholds are inclusive', (weight, classification) => {
    expect(scoreOf([metric('Pass')], { A: weight })).toMatchObject({ score: weight, classification });
  });
});
