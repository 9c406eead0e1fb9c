import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expExcess, logExcess } from '../../src/stats/log-excess.js';
import { logOneMinusExp } from '../../src/stats/log-one-minus-exp.js';
import { logSumExp } from '../../src/stats/log-sum-exp.js';
import { relativeError } from './relative-error.js';

describe('logSumExp()', () => {
  it('adds what cannot be written as a number', () => {
    expect(logSumExp([-1000, -1000])).toBe(-1000 + Math.LN2);
    expect(logSumExp(Float64Array.of(1000, 1000, 1000))).toBe(1000 + Math.log(3));
  });

  it('is shifted as its terms are', () => {
    const terms = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(terms, fc.integer({ min: -1e6, max: 1e6 }), (values, by) => {
        const shifted = logSumExp(values.map((value) => value + by)) - by;
        expect(Math.abs(shifted - logSumExp(values))).toBeLessThan(1e-8);
      }),
    );
  });

  it('takes nothing, zeros, infinities and NaN', () => {
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
    expect(logSumExp([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
    expect(logSumExp([Number.NEGATIVE_INFINITY, 3])).toBe(3);
    expect(logSumExp([3, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
    expect(logSumExp([3, Number.NaN])).toBeNaN();
  });
});

describe('logOneMinusExp()', () => {
  it('keeps small differences on both sides', () => {
    expect(relativeError(logOneMinusExp(-1e-20), Math.log(1e-20))).toBeLessThan(1e-15);
    expect(relativeError(logOneMinusExp(-50), -Math.exp(-50))).toBeLessThan(1e-15);
    expect([logOneMinusExp(0), logOneMinusExp(Number.NEGATIVE_INFINITY) + 0]).toEqual([Number.NEGATIVE_INFINITY, 0]);
  });
});

describe('logExcess() and expExcess()', () => {
  // mpmath 1.4.1, 40 digits.
  it.each([
    [-0.9, 1.402585092994046, 0.30656965974059913],
    [-0.51, 0.20334988787746477, 0.11049557881226595],
    [-0.49, 0.1833445532637656, 0.10262639418441606],
    [-0.001, 5.003335835335002e-7, 4.998333749916681e-7],
    [1e-12, 4.999999999996667e-25, 5.000000000001666e-25],
    [0.1, 0.00468982019567514, 0.005170918075647625],
    [0.69, 0.16527147106501788, 0.30371553324308226],
    [0.71, 0.17350662948543152, 0.3239912586467506],
    [3.0, 1.6137056388801094, 16.085536923187668],
  ])('of %d are %d and %d', (u, log, exp) => {
    expect(relativeError(logExcess(u), log)).toBeLessThan(1e-15);
    expect(relativeError(expExcess(u), exp)).toBeLessThan(1e-15);
  });
});
