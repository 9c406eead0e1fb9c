import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InternalError } from '../../src/errors.js';
import { logGamma, stirlingRemainder } from '../../src/stats/log-gamma.js';
import { relativeError } from './relative-error.js';

// Reference values: mpmath 1.4.1, 40 digits, rounded to doubles.
const references = [
  [1e-300, 690.7755278982137],
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [0.9999999, 5.772157468444193e-8],
  [1.0000001, -5.772155829918507e-8],
  [1.5, -0.12078223763524522],
  [2.0000001, 4.227843666532498e-8],
  [3.7, 1.428072326665388],
  [9.99, 12.779315214350193],
  [10.0, 12.801827480081469],
  [171.5, 709.1431630309282],
  [1000000000.0, 19723265827.503716],
  [1e300, 6.897755278982137e302],
] as const;

describe('logGamma()', () => {
  it.each(references)('of %d is %d', (x, want) => {
    expect(relativeError(logGamma(x), want)).toBeLessThan(1e-13);
  });

  it('is 0 at 1 and 2', () => {
    expect([logGamma(1), logGamma(2)]).toEqual([0, 0]);
  });

  it('satisfies Γ(x + 1) = x·Γ(x)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e4, noNaN: true }), (x) => {
        const scale = 1 + Math.abs(logGamma(x));
        expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-13 * scale);
      }),
    );
  });

  it.each([0, -1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (x) => {
    expect(() => logGamma(x)).toThrow(InternalError);
    expect(() => stirlingRemainder(x)).toThrow('Cannot compute ln Γ(x) as 0 < x < ∞');
  });
});

describe('stirlingRemainder()', () => {
  it('is between the first two partial sums of its series', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e6, noNaN: true }), (x) => {
        const value = stirlingRemainder(x);
        expect(value).toBeLessThanOrEqual(1 / (12 * x) + 2e-15);
        expect(value).toBeGreaterThanOrEqual(1 / (12 * x) - 1 / (360 * x ** 3) - 2e-15);
      }),
    );
  });
});
