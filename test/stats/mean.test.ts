import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mean } from '../../src/stats/mean.js';

describe('mean()', () => {
  test('of equal values is that value, where their sum is not', () => {
    const values = Array.from({ length: 10 }, () => 0.1);
    expect(values.reduce((sum, value) => sum + value) / 10).not.toBe(0.1);
    expect(mean(values)).toBe(0.1);
  });

  test('keeps small differences beside a large value', () => {
    expect(mean([1e9 + 0.25, 1e9 + 0.5, 1e9 + 0.75])).toBe(1e9 + 0.5);
  });

  test('of integers is their sum by their count', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
        const sum = values.reduce((total, value) => total + value, 0);
        expect(mean(values)).toBeCloseTo(sum / values.length, 10);
      }),
    );
  });

  test('of no values is NaN', () => {
    expect(mean([])).toBeNaN();
  });
});
