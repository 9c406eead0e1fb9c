import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeCanary } from '../../../src/judges/kayenta/judge-canary.js';
import type { MetricPair } from '../../../src/judges/kayenta/judge-metric.js';
import { configOf } from './cases.js';

const thresholds = { pass: 95, marginal: 75 };

// Apart by 8 to 12, with means of 10 and 20; `same` and `empty` compare nothing.
const higher = { control: [9, 10, 11], experiment: [19, 20, 21] };
const same = { control: [1, 2], experiment: [2, 1] };
const empty = { control: [null], experiment: [] };

function named(...pairs: readonly Omit<MetricPair, 'name'>[]): MetricPair[] {
  return pairs.map((pair, i) => ({ name: `m${i}`, ...pair }));
}

describe('judgeCanary()', () => {
  test('judges every pair and scores the whole', () => {
    const config = configOf([{}, { direction: 'decrease' }, {}, {}], [['A'], ['A', 'B'], ['B'], ['B']]);
    const result = judgeCanary({ config, thresholds, pairs: named(same, higher, higher, empty) });
    // A: 2 of 2, B: 1 of 2 with nothing to compare in m3; half each.
    expect(result).toEqual({
      metrics: [
        { name: 'm0', classification: 'Pass', critical: false, ratio: 1 },
        { name: 'm1', classification: 'Pass', critical: false, ratio: 2 },
        { name: 'm2', classification: 'High', critical: false, ratio: 2 },
        { name: 'm3', classification: 'Nodata', critical: false, ratio: 1 },
      ],
      groupScores: [
        { name: 'A', score: 100 },
        { name: 'B', score: 50 },
      ],
      score: 75,
      classification: 'Marginal',
    });
  });

  test('shows a muted metric, critical or not, but does not count it', () => {
    const config = configOf([{ muted: true, critical: true }, {}]);
    expect(judgeCanary({ config, thresholds, pairs: named(higher, same) })).toMatchObject({
      metrics: [{ classification: 'High', critical: true }, { classification: 'Pass' }],
      groupScores: [{ name: 'g', score: 100 }],
      score: 100,
    });
    const alone = configOf([{ muted: true }]);
    expect(judgeCanary({ config: alone, thresholds, pairs: named(same) })).toMatchObject({
      groupScores: [],
      score: 0,
      classification: 'Fail',
    });
  });

  test('fails with a critical metric, and without data for half of the metrics', () => {
    const critical = configOf([{ critical: true }, {}, {}, {}, {}]);
    const pairs = named(higher, same, same, same, same);
    expect(judgeCanary({ config: critical, thresholds, pairs })).toMatchObject({ score: 0, classification: 'Fail' });
    const half = { config: configOf([{}, {}]), thresholds, pairs: named(same, empty) };
    expect(judgeCanary(half)).toMatchObject({ score: 0, classification: 'Fail' });
  });

  test('takes the thresholds of the request, not those of the config', () => {
    const config = configOf([{}, {}]);
    const given = { ...config, classifier: { ...config.classifier, scoreThresholds: { pass: 10, marginal: 5 } } };
    const of = (pass: number, marginal: number) =>
      judgeCanary({ config: given, thresholds: { pass, marginal }, pairs: named(same, higher) }).classification;
    expect([of(50, 20), of(51, 50), of(52, 51)]).toEqual(['Pass', 'Marginal', 'Fail']);
  });

  test('answers in the order of the pairs, for the pairs alone', () => {
    const config = configOf([{ direction: 'increase' }, { direction: 'decrease' }, { critical: true }]);
    const pairs = [
      { name: 'm1', ...higher },
      { name: 'm0', ...higher },
    ];
    const { metrics } = judgeCanary({ config, thresholds, pairs });
    expect(metrics.map(({ name, classification }) => `${name} ${classification}`)).toEqual(['m1 Pass', 'm0 High']);
    expect(judgeCanary({ config, thresholds, pairs: [] })).toMatchObject({
      metrics: [],
      score: 0,
      classification: 'Fail',
    });
  });

  test('refuses a pair of which the config knows nothing', () => {
    const pairs = [{ name: 'latency', ...same }];
    const judge = () => judgeCanary({ config: configOf([{}, {}]), thresholds, pairs });
    expect(judge).toThrow('Cannot judge the metric latency as the canary config has it: it has none of that name');
    expect(judge).toThrow(expect.objectContaining({ code: 'judges/unknown-metric', hint: 'Its metrics are: m0, m1.' }));
  });

  test('judges thousands of points', () => {
    const wave = (shift: number) =>
      Array.from({ length: 5000 }, (_, i) => 100 + shift + 10 * Math.sin(i * (1 + shift)));
    const judge = (shift: number) =>
      judgeCanary({ config: configOf([{}]), thresholds, pairs: named({ control: wave(0), experiment: wave(shift) }) });
    expect(judge(0.001).metrics[0]?.classification).toBe('Pass');
    expect(judge(3).metrics[0]?.classification).toBe('High');
  });

  test('scores between 0 and 100 where weights do, and never throws on finite values', () => {
    const values = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 8 });
    const pair = fc.record({ control: values, experiment: values });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), fc.boolean(), (pairs, critical) => {
        const config = configOf(
          pairs.map((_, i) => ({ critical: critical && i === 0, muted: i === 3 })),
          pairs.map((_, i) => (i % 2 === 0 ? ['even', 'all'] : ['all'])),
        );
        const { metrics, score } = judgeCanary({ config, thresholds, pairs: named(...pairs) });
        expect(metrics).toHaveLength(pairs.length);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        if (metrics.some((metric) => metric.critical)) expect(score).toBe(0);
      }),
    );
  });
});
