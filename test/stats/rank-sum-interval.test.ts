import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascending } from '../../src/stats/ascending.js';
import { rankSumInterval } from '../../src/stats/rank-sum-interval.js';

function intervalOf(x: readonly number[], y: readonly number[], confidence = 0.98) {
  return rankSumInterval(ascending(x), ascending(y), confidence);
}

/** W(d) by comparing every pair; no ties are in what it is used for. */
function statistic(x: readonly number[], y: readonly number[], shift: number): number {
  const above = x.flatMap((a) => y.map((b) => Math.sign(a - shift - b) / 2)).reduce((sum, each) => sum + each, 0);
  return (above - 0.5 * Math.sign(above)) / Math.sqrt((x.length * y.length * (x.length + y.length + 1)) / 12);
}

const sample = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 });
/** Of two samples without ties, and none within twice the tolerance of the roots. */
const distinct = fc
  .uniqueArray(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 8, maxLength: 60 })
  .map((values) => values.map((value, i) => value + i / 64))
  .chain((values) => fc.integer({ min: 1, max: values.length - 1 }).map((m) => [values.slice(0, m), values.slice(m)]));

describe('rankSumInterval()', () => {
  test('clamps the ends to the differences, and finds the middle', () => {
    // mn/2 = 4.5. At the smallest difference, 1, one of 9 pairs is tied: W = (8.5 − 4.5 − ½)/√5.1 = 1.55, below z = 2.33.
    // The differences are 1, 2, 2, 3, 3, 3, 4, 4, 5: W(3) = 0, which is where the first line goes, as W(5) = −W(1).
    expect(intervalOf([4, 5, 6], [1, 2, 3])).toEqual({ lower: 1, upper: 5, estimate: 3 });
  });

  test('ends where W passes z and −z, and is estimated where W passes 0', () => {
    fc.assert(
      fc.property(distinct, ([x = [], y = []]) => {
        const { lower, upper, estimate } = intervalOf(x, y, 0.95) ?? expect.fail();
        const z = 1.959963984540054;
        const [low, high] = [Math.min(...x) - Math.max(...y), Math.max(...x) - Math.min(...y)];
        const around = (root: number) => [statistic(x, y, root - 2e-4), statistic(x, y, root + 2e-4)] as const;
        if (lower > low) expect(around(lower)[0]).toBeGreaterThanOrEqual(z);
        if (lower < high) expect(around(lower)[1]).toBeLessThanOrEqual(z);
        if (upper > low) expect(around(upper)[0]).toBeGreaterThanOrEqual(-z);
        if (upper < high) expect(around(upper)[1]).toBeLessThanOrEqual(-z);
        expect(around(estimate)[0]).toBeGreaterThanOrEqual(0);
        expect(around(estimate)[1]).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('is wider when it shall be surer', () => {
    const x = Array.from({ length: 40 }, (_, i) => ((i * 37) % 101) + i / 100);
    const y = Array.from({ length: 30 }, (_, i) => ((i * 53) % 97) + i / 90);
    const [narrow, wide] = [intervalOf(x, y, 0.8) ?? expect.fail(), intervalOf(x, y, 0.99) ?? expect.fail()];
    expect(wide.lower).toBeLessThan(narrow.lower);
    expect(wide.upper).toBeGreaterThan(narrow.upper);
    expect(wide.estimate).toBe(narrow.estimate);
  });

  test('is mirrored when the sides are swapped', () => {
    fc.assert(
      fc.property(distinct, ([x = [], y = []]) => {
        const there = intervalOf(x, y) ?? expect.fail();
        const back = intervalOf(y, x) ?? expect.fail();
        expect(Math.abs(there.lower + back.upper)).toBeLessThanOrEqual(2e-4);
        expect(Math.abs(there.upper + back.lower)).toBeLessThanOrEqual(2e-4);
      }),
    );
  });

  test('of two constant samples is their difference', () => {
    expect(intervalOf([7, 7], [5, 5, 5])).toEqual({ lower: 2, upper: 2, estimate: 2 });
    expect(intervalOf([3], [10])).toEqual({ lower: -7, upper: -7, estimate: -7 });
  });

  test('is undefined where ranks tell nothing', () => {
    expect(intervalOf([], [1])).toBeUndefined();
    expect(intervalOf([1], [])).toBeUndefined();
    expect(intervalOf([1, Number.POSITIVE_INFINITY], [1, 2])).toBeUndefined();
    expect(intervalOf([1, Number.NaN], [1, 2])).toBeUndefined();
    expect(intervalOf([-1e308, 1e308], [0, 1])).toBeUndefined();
    // Beside 1 the two are one: every shift in between makes all four equal.
    expect(intervalOf([1e-20, 2e-20], [1, 1])).toBeUndefined();
    for (const confidence of [0, 1, -1, 2, Number.NaN]) expect(intervalOf([1, 2], [3, 4], confidence)).toBeUndefined();
  });

  test('lies in the differences and is in order, whatever the finite values', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const { lower, upper, estimate } = intervalOf(x, y) ?? { lower: 0, upper: 0, estimate: 0 };
        const reach = [Math.min(...x) - Math.max(...y), Math.max(...x) - Math.min(...y)] as const;
        for (const end of [lower, upper, estimate].filter((each) => each !== 0)) {
          expect(end).toBeGreaterThanOrEqual(reach[0]);
          expect(end).toBeLessThanOrEqual(reach[1]);
        }
        expect(lower).toBeLessThanOrEqual(upper + 2e-4);
      }),
    );
  });

  test('ends for numbers of any size', () => {
    const any = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(any, any, (x, y) => {
        const found = Object.values(intervalOf(x, y) ?? {});
        expect(found.every(Number.isFinite)).toBe(true);
      }),
    );
  });
});
