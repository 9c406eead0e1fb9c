import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaQuantile } from '../../src/stats/beta-quantile.js';
import { logIncompleteBeta } from '../../src/stats/log-incomplete-beta.js';
import { relativeError } from './relative-error.js';

// Reference values: Newton's method in mpmath 1.4.1, 40 digits, from scipy 1.17.1 `beta.ppf`.
const references = [
  [0.025, 0.5, 0.5, 0.001541333133436012],
  [0.975, 12.5, 988.5, 0.020233601017093285],
  [0.025, 12.5, 988.5, 0.00657614340458494],
  [1e-10, 3.0, 5.0, 0.0001419184814807252],
  [0.5, 2.0, 3.0, 0.38572756813238956],
  [0.3, 0.1, 1000000000.0, 3.586086020024679e-15],
  [0.025, 1000000000.0, 1000000000.0, 0.49997808693649337],
  [1e-300, 300.0, 700.0, 0.013654174557676046],
  [0.999, 1000000.0, 100.0, 0.9999280847484123],
  [0.05, 0.1, 0.1, 8.661406889571971e-11],
] as const;
const shape = fc.double({ min: -1, max: 6, noNaN: true }).map((power) => 10 ** power);

describe('betaQuantile()', () => {
  it.each(references)('of %d with shapes %d and %d is %d', (p, a, b, want) => {
    expect(relativeError(betaQuantile(p, { a, b }), want)).toBeLessThan(1e-11);
  });

  it('gives p back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), shape, shape, (p, a, b) => {
        const x = betaQuantile(p, { a, b });
        // The neighbours of x, since near 1 doubles are coarse.
        const [below, above] = [x * (1 - 1e-11) - 3e-16, Math.min(1, x * (1 + 1e-11) + 3e-16)];
        if (below > 0) expect(logIncompleteBeta(below, { a, b })).toBeLessThanOrEqual(Math.log(p));
        expect(logIncompleteBeta(above, { a, b })).toBeGreaterThanOrEqual(Math.log(p));
      }),
    );
  });

  it('finds its way where one shape is tiny and the other huge', () => {
    const [a, b] = [123_937_857, 0.0116];
    const x = betaQuantile(0.0431, { a, b });
    expect(Math.exp(logIncompleteBeta(x, { a, b }))).toBeCloseTo(0.0431, 6);
  });

  it('gives the ends, and 0 for what is too small for a double', () => {
    expect(betaQuantile(0, { a: 2, b: 3 })).toBe(0);
    expect(betaQuantile(1, { a: 2, b: 3 })).toBe(1);
    expect(betaQuantile(1e-100, { a: 0.1, b: 3 })).toBe(0);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses p = %d', (p) => {
    expect(() => betaQuantile(p, { a: 2, b: 3 })).toThrow('Cannot compute a beta quantile as 0 ≤ p ≤ 1');
  });

  it('refuses shapes that are not positive', () => {
    expect(() => betaQuantile(0, { a: 0, b: 3 })).toThrow('0 < a, b < ∞');
  });
});
