import { describe, expect, test } from 'vitest';
import { percentile } from '../../src/stats/percentile.js';

describe('percentile()', () => {
  // The place in the list is 1 + 4·p/100, and between two places it is linear.
  test.each([
    [0, 1],
    [1, 1.04],
    [25, 2],
    [40, 3.2],
    [75, 8],
    [99, 15.68],
    [100, 16],
  ])('the %sth of 1, 2, 4, 8, 16 is %s', (p, expected) => {
    expect(percentile(Float64Array.of(1, 2, 4, 8, 16), p)).toBeCloseTo(expected, 12);
  });

  test('of one value is that value', () => {
    expect([0, 1, 50, 100].map((p) => percentile(Float64Array.of(7), p))).toEqual([7, 7, 7, 7]);
  });

  test('of no values is NaN', () => {
    expect(percentile(new Float64Array(), 50)).toBeNaN();
  });
});
