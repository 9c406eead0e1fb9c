import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascending } from '../../src/stats/ascending.js';
import { rankSum } from '../../src/stats/rank-sum.js';

const manyTies = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 30 });

describe('rankSum()', () => {
  test('gives equal values their mean rank', () => {
    // In order 1, 2, 2, 3: the two 2 share the ranks 2 and 3.
    expect(rankSum(Float64Array.of(2, 3), Float64Array.of(1, 2))).toEqual({ sum: 2.5 + 4, ties: 2 ** 3 - 2 });
  });

  test('takes the shift off the first sample', () => {
    expect(rankSum(Float64Array.of(12, 13), Float64Array.of(1, 2), 10)).toEqual({ sum: 6.5, ties: 6 });
  });

  test('counts a tie inside one sample, and -0 as 0', () => {
    expect(rankSum(Float64Array.of(9), Float64Array.of(1, 1, 1))).toEqual({ sum: 4, ties: 24 });
    expect(rankSum(ascending([-0, 0]), ascending([0, -0]))).toEqual({ sum: 5, ties: 60 });
  });

  test('is what comparing every pair says', () => {
    fc.assert(
      fc.property(manyTies, manyTies, fc.integer({ min: -3, max: 3 }), (x, y, shift) => {
        const shifted = x.map((value) => value - shift);
        const above = shifted.flatMap((a) => y.map((b) => (Math.sign(a - b) + 1) / 2));
        const sum = above.reduce((total, each) => total + each, 0) + (x.length * (x.length + 1)) / 2;
        const counts = new Map<number, number>();
        for (const value of [...shifted, ...y]) counts.set(value, (counts.get(value) ?? 0) + 1);
        const ties = [...counts.values()].reduce((total, count) => total + count ** 3 - count, 0);
        expect(rankSum(ascending(x), ascending(y), shift)).toEqual({ sum, ties });
      }),
    );
  });
});
