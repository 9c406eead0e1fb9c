import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logBeta } from '../../src/stats/log-beta.js';
import { relativeError } from './relative-error.js';

// Reference values: mpmath 1.4.1, 40 digits, rounded to doubles.
const references = [
  [0.1, 0.1, 2.981361481037627],
  [0.5, 0.5, 1.1447298858494002],
  [0.1, 1000000000.0, 0.18038606808456467],
  [3.0, 1000000000.0, -61.47665033327929],
  [1000000000.0, 1000000000.0, -1386294370.2160115],
  [9.99, 10.01, -13.736218710401053],
  [150.0, 0.5, -1.9321193723332837],
  [5000000.0, 0.5, -7.140109267274487],
  [12.0, 1000000.0, -148.2838848494444],
] as const;
const shape = fc.double({ min: -1, max: 8, noNaN: true }).map((power) => 10 ** power);

describe('logBeta()', () => {
  it.each(references)('of %d and %d is %d', (a, b, want) => {
    expect(relativeError(logBeta(a, b), want)).toBeLessThan(1e-13);
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        expect(logBeta(a, b)).toBe(logBeta(b, a));
      }),
    );
  });

  it('satisfies B(a + 1, b) = B(a, b)·a/(a + b), across the change of formula too', () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const gap = logBeta(a + 1, b) - logBeta(a, b) - Math.log(a / (a + b));
        expect(Math.abs(gap)).toBeLessThan(1e-14 * (10 + Math.abs(logBeta(a, b))));
      }),
    );
  });

  it.each([
    [0, 1],
    [1, -1],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses %d and %d', (a, b) => {
    expect(() => logBeta(a, b)).toThrow('Cannot compute ln B(a, b) as 0 < a, b < ∞');
  });
});
