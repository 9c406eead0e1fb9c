import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millsRatio, normalCdf, normalLogCdf, normalLogPdf, normalQuantile } from '../../src/stats/normal.js';
import { relativeError } from './relative-error.js';

// Reference values: mpmath 1.4.1, 40 digits, rounded to doubles.
const logCdfs = [
  [-1000000.0, -500000000014.73444],
  [-100.0, -5005.524208694205],
  [-38.0, -726.5572160188201],
  [-12.5, -81.57596787074388],
  [-5.0, -15.064998393988725],
  [-1.9, -3.5502813255421346],
  [-0.3, -0.9621028181688507],
  [-1e-10, -0.6931471806397338],
  [0.0, -Math.LN2],
  [1e-10, -0.6931471804801569],
  [0.7, -0.2770239422771313],
  [3.0, -0.0013508099647481938],
  [8.0, -6.220960574271786e-16],
  [20.0, -2.7536241186062337e-89],
] as const;

// mpmath 1.4.1, 340 digits.
const quantiles = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798407],
  [1e-5, -4.264890793922825],
  [0.025, -1.9599639845400543],
  [0.25, -0.6744897501960817],
  [0.39999, -0.2533729869873618],
  [0.4, -0.2533471031357997],
  [0.45, -0.12566134685507402],
  [0.499999999, -2.5066283428845328e-9],
  [0.500000000001, 2.5065728237018603e-12],
  [0.501, 0.002506630899571766],
  [0.6, 0.2533471031357997],
  [0.975, 1.9599639845400538],
  [0.9999, 3.7190164854557084],
  [0.9999999999990905, 7.047700256664409],
] as const;
const real = fc.double({ min: -40, max: 40, noNaN: true });

describe('normalLogCdf()', () => {
  it.each(logCdfs)('of %d is %d', (z, want) => {
    expect(relativeError(normalLogCdf(z), want)).toBeLessThan(1e-13);
  });

  it('never falls as z grows', () => {
    fc.assert(
      fc.property(real, real, (z1, z2) => {
        const high = normalLogCdf(Math.max(z1, z2));
        expect(normalLogCdf(Math.min(z1, z2))).toBeLessThanOrEqual(high + 1e-15 * Math.abs(high));
      }),
    );
  });

  it('is −∞ at −∞, 0 at ∞ and NaN at NaN', () => {
    const ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN].map(normalLogCdf);
    expect(ends.map((value) => value + 0)).toEqual([Number.NEGATIVE_INFINITY, 0, Number.NaN]);
  });
});

describe('normalCdf()', () => {
  it.each(logCdfs.filter(([z]) => z > -38))('of %d agrees with the logarithm %d', (z, want) => {
    expect(relativeError(normalCdf(z), Math.exp(want))).toBeLessThan(2e-13);
  });

  it('and its mirror image add up to 1', () => {
    fc.assert(
      fc.property(real, (z) => {
        expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 15);
      }),
    );
    expect([normalCdf(Number.NEGATIVE_INFINITY), normalCdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
  });
});

describe('normalLogPdf()', () => {
  it('is the slope of the CDF', () => {
    for (const z of [-3, -0.5, 0, 1.5]) {
      const slope = (normalCdf(z + 1e-5) - normalCdf(z - 1e-5)) / 2e-5;
      expect(Math.exp(normalLogPdf(z))).toBeCloseTo(slope, 9);
    }
    expect(normalLogPdf(-38)).toBe(-722.9189385332047);
  });
});

describe('millsRatio()', () => {
  it('is √(π/2) at 0 and between its bounds elsewhere', () => {
    expect(relativeError(millsRatio(0), Math.sqrt(Math.PI / 2))).toBeLessThan(1e-15);
    for (const z of [0.1, 1, 5, 30, 1e3, 1e8]) {
      expect(millsRatio(z)).toBeLessThanOrEqual((4 / (3 * z + Math.sqrt(z * z + 8))) * (1 + 1e-15));
      expect(millsRatio(z)).toBeGreaterThanOrEqual((2 / (z + Math.sqrt(z * z + 4))) * (1 - 1e-15));
    }
    expect(millsRatio(Number.POSITIVE_INFINITY)).toBe(0);
  });
});

describe('normalQuantile()', () => {
  it.each(quantiles)('of %d is %d', (p, want) => {
    expect(relativeError(normalQuantile(p), want)).toBeLessThan(1e-14);
  });

  it('gives p back', () => {
    fc.assert(
      fc.property(fc.double({ min: -300, max: -0.31, noNaN: true }), (power) => {
        const p = 10 ** power;
        expect(relativeError(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-12);
      }),
    );
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 20 - 1 }), (n) => {
        const p = n / 2 ** 20;
        expect(normalQuantile(1 - p)).toBe(0 - normalQuantile(p));
      }),
    );
  });

  it('is infinite at the ends, and refuses what is beyond them', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(() => normalQuantile(p)).toThrow('Cannot compute a normal quantile as 0 ≤ p ≤ 1');
    }
  });
});
