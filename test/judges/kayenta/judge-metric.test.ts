import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeMetric, type MetricPair } from '../../../src/judges/kayenta/judge-metric.js';
import { type Analysis, metricOf } from './cases.js';

type Values = MetricPair['control'];

function judge(control: Values, experiment: Values, analysis: Analysis = {}) {
  return judgeMetric({ name: 'm0', control, experiment }, metricOf(analysis));
}

// Every difference between them is from 8 to 12, and so is all of the interval: 8 is above a quarter of 12. Means 10, 20.
const low = [9, 10, 11];
const high = [19, 20, 21];

describe('judgeMetric() of sides that are apart', () => {
  test.each([
    ['increase', 'High', 'Pass'],
    ['decrease', 'Pass', 'Low'],
    ['either', 'High', 'Low'],
  ])('looks in the direction %s', (direction, above, below) => {
    expect(judge(low, high, { direction })).toMatchObject({ classification: above, ratio: 2 });
    expect(judge(high, low, { direction })).toMatchObject({ classification: below, ratio: 0.5 });
  });

  test.each([
    [{ allowedIncrease: 2 }, 'High'],
    [{ allowedIncrease: 2.001 }, 'Pass'],
    [{ allowedDecrease: 0.1 }, 'High'],
    // Every value of the experiment is above every one of the control.
    [{ measure: 'cles', allowedIncrease: 1 }, 'High'],
    [{ measure: 'cles', allowedIncrease: 1.001 }, 'Pass'],
  ])('is as high as allowed or higher: %j', (effectSize, classification) => {
    expect(judge(low, high, { effectSize }).classification).toBe(classification);
  });

  test.each([
    [{ allowedDecrease: 0.5 }, 'Low'],
    [{ allowedDecrease: 0.499 }, 'Pass'],
    [{ allowedIncrease: 9 }, 'Low'],
    [{ measure: 'cles', allowedDecrease: 0 }, 'Low'],
    [{ measure: 'cles', allowedDecrease: -0.001 }, 'Pass'],
  ])('is as low as allowed or lower: %j', (effectSize, classification) => {
    expect(judge(high, low, { effectSize }).classification).toBe(classification);
  });

  test.each([
    [{}, true],
    [{ criticalIncrease: 2 }, true],
    [{ criticalIncrease: 2.001 }, false],
    [{ measure: 'cles', criticalIncrease: 1 }, true],
    [{ measure: 'cles', criticalIncrease: 1.001 }, false],
  ])('is critical only from the critical effect on: %j', (effectSize, critical) => {
    expect(judge(low, high, { critical: true, effectSize })).toMatchObject({ classification: 'High', critical });
    expect(judge(low, high, { critical: false, effectSize }).critical).toBe(false);
  });

  test('is critical downwards by the critical decrease', () => {
    const critical = (criticalDecrease: number) =>
      judge(high, low, { critical: true, effectSize: { criticalDecrease } });
    expect(critical(0.5)).toMatchObject({ classification: 'Low', critical: true });
    expect(critical(0.499)).toMatchObject({ classification: 'Low', critical: false });
  });

  test('counts any effect where it cannot be told: a mean is 0', () => {
    const limits = { allowedIncrease: 9, criticalIncrease: 9 };
    const result = judge([-1, 0, 1], high, { critical: true, effectSize: limits });
    expect(result).toEqual({ name: 'm0', classification: 'High', critical: true, ratio: Number.NaN });
    const downwards = { critical: true, effectSize: { allowedDecrease: 0, criticalDecrease: 0 } };
    expect(judge(high, [-1, 0, 1], downwards)).toMatchObject({ classification: 'Low', critical: true });
  });

  test('passes a shift of negative values upwards, as their ratio falls', () => {
    expect(judge([-19, -20, -21], [-9, -10, -11])).toMatchObject({ classification: 'Pass', ratio: 0.5 });
  });

  test('does not see small values, of which the roots are too coarse; as Kayenta', () => {
    const control = Array.from({ length: 60 }, (_, i) => 4 + ((i * 37) % 60) / 30);
    const experiment = control.map((value) => 1.36 * value);
    const times = (factor: number) => (value: number) => factor * value;
    expect(judge(control, experiment).classification).toBe('High');
    expect(judge(control.map(times(1e-5)), experiment.map(times(1e-5))).classification).toBe('Pass');
  });
});

describe('judgeMetric() of sides that nearly touch', () => {
  // Of three and three values W is at most (8.5 − 4.5 − ½)/√5.1 = 1.55, so that the interval is all differences: from
  // 1 and from 8. The middle one of the nine, 29, is passed by W from above 0 at 28 to below 0 after 29.
  test('asks for more than a quarter of the estimate', () => {
    expect(judge([10, 11, 12], [13, 40, 41])).toMatchObject({ classification: 'Pass' });
    expect(judge([10, 11, 12], [20, 40, 41])).toMatchObject({ classification: 'High' });
    expect(judge([13, 40, 41], [10, 11, 12])).toMatchObject({ classification: 'Pass' });
    expect(judge([20, 40, 41], [10, 11, 12])).toMatchObject({ classification: 'Low' });
  });

  test('is 98 % sure, no less', () => {
    // The differences are 1, 12, 13, 28, … and the estimate is from 28 to 39. W = 1.28, 80 %, would be reached at 12.
    expect(judge([0, 1, 12], [13, 40, 41])).toMatchObject({ classification: 'Pass' });
  });

  test('is 98 % sure, no more', () => {
    // W is 17/6.23 = 2.73 at the least difference, 1, and passes 2.33 at the third, 28; the estimate is 60.
    expect(judge([0, 1, 2, 3, 4, 30], [31, 61, 62, 63, 64, 65])).toMatchObject({ classification: 'High' });
  });

  test('has half of the pairs as no effect for cles', () => {
    const control = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const experiment = [5.5, 20, 21, 22, 23, 24, 25, 26, 27, 28];
    // 96 of 100 pairs; W passes 2.33 where 81 are left, at 14, and the estimate is about 20.
    for (const [allowed, above, below] of [
      [{}, 'High', 'Low'],
      [{ allowedIncrease: 0.96, allowedDecrease: 0.04 }, 'High', 'Low'],
      [{ allowedIncrease: 0.961, allowedDecrease: 0.039 }, 'Pass', 'Pass'],
    ] as const) {
      const effectSize = { measure: 'cles', ...allowed };
      expect(judge(control, experiment, { effectSize }).classification).toBe(above);
      expect(judge(experiment, control, { effectSize }).classification).toBe(below);
    }
  });
});

describe('judgeMetric() of missing values', () => {
  test.each([
    [{}, 'Nodata', false],
    [{ critical: true }, 'Nodata', true],
    [{ mustHaveData: true }, 'NodataFailMetric', false],
    [{ mustHaveData: true, critical: true }, 'Nodata', true],
  ])('with %j one empty side is %s, critical %s', (analysis, classification, critical) => {
    const expected = { name: 'm0', classification, critical, ratio: 1 };
    expect(judge([], high, analysis)).toEqual(expected);
    expect(judge(low, [null, Number.NaN], analysis)).toEqual(expected);
    expect(judge([], [], analysis)).toEqual(expected);
  });

  test('replaced by 0 they are values, and no values pass', () => {
    const replaced = { nanStrategy: 'replace', critical: true, mustHaveData: true };
    expect(judge([], high, replaced)).toMatchObject({ classification: 'Pass', critical: false, ratio: 1 });
    expect(judge([null, Number.NaN], [0, 0], replaced)).toMatchObject({ classification: 'Pass', ratio: 1 });
    expect(judge([null, null, null], high, replaced)).toMatchObject({ classification: 'High', ratio: Number.NaN });
  });

  test('removed they are not there', () => {
    expect(judge([9, null, 10, Number.NaN, 11], [null, ...high])).toEqual(judge(low, high));
  });
});

describe('judgeMetric() of outliers', () => {
  // 1 … 19 and 1000: the 99th percentile is 19 + 0.81·981 = 813.61, the quartiles are 5.75 and 15.25.
  const most = Array.from({ length: 19 }, (_, i) => i + 1);
  const withOutlier = [...most, 1000];

  test('are kept unless told otherwise', () => {
    expect(judge(most, withOutlier).ratio).toBeCloseTo(59.5 / 10, 12);
    expect(judge(most, withOutlier, { outliers: { strategy: 'keep', outlierFactor: 1 } }).ratio).toBeCloseTo(5.95, 12);
  });

  test('are removed beyond both fences, on both sides', () => {
    const outliers = { strategy: 'remove' };
    expect(judge(most, withOutlier, { outliers })).toMatchObject({ classification: 'Pass', ratio: 1 });
    expect(judge(withOutlier, most, { outliers })).toMatchObject({ classification: 'Pass', ratio: 1 });
    expect(judge(most, [-1000, ...most], { outliers })).toMatchObject({ classification: 'Pass', ratio: 1 });
  });

  test('stay within a fence that is far enough: 15.25 + 9.5·factor reaches 1000 from 103.7 on', () => {
    const ratio = (outlierFactor: number) =>
      judge(most, withOutlier, { outliers: { strategy: 'remove', outlierFactor } }).ratio;
    expect(ratio(103)).toBe(1);
    expect(ratio(104)).toBeCloseTo(5.95, 12);
  });

  test.each([17, 3])('stay while they are more than a hundredth, though the quartiles are one value: %s', (other) => {
    // Of 101 values the 2nd and the 100th are the 1st and the 99th percentile.
    const ratioOf = (count: number) => {
      const values = Array.from({ length: 101 }, (_, i) => (i < count ? other : 10));
      return judge([10, 10], values, { outliers: { strategy: 'remove' } }).ratio;
    };
    expect(ratioOf(1)).toBe(1);
    expect(ratioOf(2)).toBeCloseTo((990 + 2 * other) / 1010, 12);
  });

  test('may be all there is: of two values a small factor leaves none', () => {
    const outliers = { strategy: 'remove', outlierFactor: 0.01 };
    expect(judge([1, 2], [5, 6], { outliers })).toMatchObject({ classification: 'Nodata' });
    expect(judge([1, 2], [5, 6], { outliers, nanStrategy: 'replace' })).toMatchObject({ classification: 'Pass' });
  });
});

describe('judgeMetric() without a spread', () => {
  test('passes one and the same value, however often', () => {
    const same = { name: 'm0', classification: 'Pass', critical: false, ratio: 1 };
    expect(judge([5, 5, 5], [5], { critical: true })).toEqual(same);
    expect(judge([0], [-0, 0, 0])).toEqual(same);
  });

  test.each([
    [[5, 5, 5], [7, 7], 'High', 1.4],
    [[5], [7], 'High', 1.4],
    [[1e9], [1e9 + 1], 'High', 1 + 1e-9],
    [[5, 5], [0, 0, 0], 'Low', Number.NaN],
    [[0], [1e-9, 1e-9], 'High', Number.NaN],
    [[-5, -5], [-4, -4], 'Pass', 0.8],
  ])('takes the difference of two constants for certain: %j and %j', (control, experiment, classification, ratio) => {
    expect(judge(control, experiment)).toEqual({ name: 'm0', classification, critical: false, ratio });
  });

  test('holds two constants to the limits of the effect', () => {
    const effectSize = { allowedIncrease: 1.5, criticalIncrease: 1.5 };
    expect(judge([2, 2], [3, 3], { critical: true, effectSize })).toMatchObject({
      classification: 'High',
      critical: true,
    });
    expect(judge([2, 2], [2.9, 2.9], { critical: true, effectSize }).classification).toBe('Pass');
  });
});

describe('judgeMetric() that fails', () => {
  test('is an error that is not critical: the differences are lost beside the values, or there are none', () => {
    const expected = { name: 'm0', classification: 'Error', critical: false, ratio: Number.NaN };
    expect(judge([1, 1], [1e-20, 2e-20], { critical: true })).toEqual(expected);
    expect(judge([1, 2], [1, Number.POSITIVE_INFINITY], { critical: true })).toEqual(expected);
    expect(judge([1, 2, 3], [1, Number.NEGATIVE_INFINITY], { outliers: { strategy: 'remove' } })).toEqual(expected);
  });
});

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(null, 0, -0, 1e-5, 1e9),
);
const values = fc.array(value, { maxLength: 25 });
const analyses = fc.record(
  {
    direction: fc.constantFrom('increase', 'decrease', 'either'),
    nanStrategy: fc.constantFrom('remove', 'replace'),
    critical: fc.boolean(),
    mustHaveData: fc.boolean(),
    outliers: fc.record({ strategy: fc.constantFrom('keep', 'remove'), outlierFactor: fc.constantFrom(0.01, 1.5, 3) }),
    effectSize: fc.record({ measure: fc.constantFrom('meanRatio', 'cles') }),
  },
  { requiredKeys: [] },
);

describe('judgeMetric() holds the laws', () => {
  test('it answers whatever the finite values', () => {
    fc.assert(
      fc.property(values, values, analyses, (control, experiment, analysis) => {
        const { classification, critical } = judge(control, experiment, analysis);
        expect(['Pass', 'High', 'Low', 'Nodata', 'NodataFailMetric', 'Error']).toContain(classification);
        if (critical) expect(['High', 'Low', 'Nodata']).toContain(classification);
        if (analysis.direction === 'increase') expect(classification).not.toBe('Low');
        if (analysis.direction === 'decrease') expect(classification).not.toBe('High');
      }),
      { numRuns: 500 },
    );
  });

  test('the order of the points has no part in it', () => {
    const whole = fc.array(fc.integer({ min: -50, max: 200 }), { minLength: 1, maxLength: 25 });
    const shuffled = whole.chain((points) =>
      fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
    );
    fc.assert(
      fc.property(shuffled, shuffled, analyses, ([control, otherControl], [experiment, otherExperiment], analysis) => {
        const { ratio, ...result } = judge(control, experiment, analysis);
        const { ratio: otherRatio, ...other } = judge(otherControl, otherExperiment, analysis);
        expect(other).toEqual(result);
        if (Number.isNaN(ratio)) expect(otherRatio).toBeNaN();
        else expect(otherRatio / ratio).toBeCloseTo(1, 9);
      }),
    );
  });

  test('swapped sides that are apart are low instead of high', () => {
    // All of the interval is from 100 to 300, and 100 is above a quarter of 300. No two values are so near that their
    // difference is lost beside their size, which would be an Error.
    const from = (min: number) =>
      fc.array(
        fc.integer({ max: 100_000, min: 0 }).map((above) => min + above / 1000),
        { minLength: 1, maxLength: 20 },
      );
    fc.assert(
      fc.property(from(100), from(300), fc.constantFrom('meanRatio', 'cles'), (control, experiment, measure) => {
        const analysis = { critical: true, effectSize: { measure } };
        expect(judge(control, experiment, analysis)).toMatchObject({ classification: 'High', critical: true });
        expect(judge(experiment, control, analysis)).toMatchObject({ classification: 'Low', critical: true });
      }),
    );
  });

  test('the same values pass', () => {
    fc.assert(
      fc.property(values, analyses, (points, analysis) => {
        fc.pre(points.some((point) => point !== null) && analysis.outliers?.strategy !== 'remove');
        expect(judge(points, [...points].reverse(), analysis)).toMatchObject({ classification: 'Pass', ratio: 1 });
      }),
    );
  });
});
