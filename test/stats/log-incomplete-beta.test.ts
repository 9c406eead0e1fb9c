import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logIncompleteBeta } from '../../src/stats/log-incomplete-beta.js';
import { relativeError } from './relative-error.js';

// Reference values: mpmath 1.4.1, 40 digits, rounded to doubles.
const references = [
  [0.5, 2.0, 3.0, -0.3746934494414107],
  [1e-300, 0.1, 0.1, -69.75632917786496],
  [1e-20, 0.5, 7.0, -21.94995566755658],
  [0.999, 0.1, 0.1, -0.29335366770297566],
  [0.9999999999990905, 0.1, 3.0, -2.896418080427895e-38],
  [0.9999999999990905, 3.0, 0.1, -0.07492561402404524],
  [0.01, 2.0, 3.0, -7.431953248688561],
  [1e-10, 0.1, 1000000000.0, -0.18928362437510513],
  [3e-9, 0.1, 1000000000.0, -0.0015664980586401612],
  [1e-6, 3.0, 1000000000.0, 0],
  [0.5, 1000000000.0, 1000000000.0, -Math.LN2],
  [0.49995, 1000000000.0, 1000000000.0, -12.461711490396208],
  [0.5001, 1000000000.0, 1000000000.0, -1.8720471951494255e-19],
  [0.25, 1000000000.0, 1000000000.0, -287682083.3857788],
  [0.75, 1000000000.0, 1000000000.0, 0],
  [0.9999, 1000000.0, 100.0, -0.7209201337909443],
  [0.99995, 1000000.0, 100.0, -3.2122336363466716e-10],
  [0.3, 300.0, 700.0, -0.6858316387848132],
  [0.2, 300.0, 700.0, -31.033747403990716],
  [0.6, 300.0, 700.0, -2.923998809218263e-82],
  [1e-100, 300.0, 700.0, -68470.63796850093],
  [0.4, 30.0, 0.5, -29.520926616094325],
  [0.99, 30.0, 0.5, -0.8224944954466018],
  [0.52, 5.0, 5.0, -0.5994493888916681],
  [0.012, 12.5, 988.5, -0.7319402048814323],
  [0.00123, 1.5, 100000.0, -4.446941548424378e-53],
] as const;
const shape = fc.double({ min: -1, max: 6, noNaN: true }).map((power) => 10 ** power);
const inside = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });

describe('logIncompleteBeta()', () => {
  it.each(references)('at %d with shapes %d and %d is %d', (x, a, b, want) => {
    expect(relativeError(logIncompleteBeta(x, { a, b }), want)).toBeLessThan(2e-11);
  });

  it('is ½ in the middle of any symmetric distribution', () => {
    fc.assert(
      fc.property(shape, (a) => {
        expect(relativeError(logIncompleteBeta(0.5, { a, b: a }), -Math.LN2)).toBeLessThan(1e-12);
      }),
    );
  });

  it('is x^a with b = 1 and 1 − (1 − x)^b with a = 1', () => {
    fc.assert(
      fc.property(inside, shape, (x, a) => {
        expect(relativeError(logIncompleteBeta(x, { a, b: 1 }), a * Math.log(x))).toBeLessThan(1e-11);
        const upper = -Math.expm1(a * Math.log1p(-x));
        expect(Math.abs(Math.exp(logIncompleteBeta(x, { a: 1, b: a })) - upper)).toBeLessThan(1e-11);
      }),
    );
  });

  it('and its mirror image add up to 1', () => {
    fc.assert(
      fc.property(inside, shape, shape, (x, a, b) => {
        const lower = Math.exp(logIncompleteBeta(x, { a, b }));
        const upper = Math.exp(logIncompleteBeta(1 - x, { a: b, b: a, complement: x }));
        expect(Math.abs(lower + upper - 1)).toBeLessThan(1e-11);
      }),
    );
  });

  it('never falls as x grows', () => {
    fc.assert(
      fc.property(inside, inside, shape, shape, (x1, x2, a, b) => {
        const low = logIncompleteBeta(Math.min(x1, x2), { a, b });
        const high = logIncompleteBeta(Math.max(x1, x2), { a, b });
        expect(low).toBeLessThanOrEqual(high + 1e-12 * Math.abs(high));
      }),
    );
  });

  it('takes a complement that x cannot hold', () => {
    const [a, b] = [3, 0.1];
    const mirrored = logIncompleteBeta(1e-30, { a: b, b: a });
    expect(logIncompleteBeta(1, { a, b, complement: 1e-30 })).toBeCloseTo(Math.log1p(-Math.exp(mirrored)), 14);
  });

  it('is −∞ at 0 and 0 at 1', () => {
    expect(logIncompleteBeta(0, { a: 2, b: 3 })).toBe(Number.NEGATIVE_INFINITY);
    expect(logIncompleteBeta(1, { a: 2, b: 3 })).toBe(0);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses x = %d', (x) => {
    expect(() => logIncompleteBeta(x, { a: 2, b: 3 })).toThrow('Cannot compute ln I_x(a, b) as 0 ≤ x ≤ 1');
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a shape of %d', (a) => {
    expect(() => logIncompleteBeta(0.5, { a, b: 1 })).toThrow('Cannot compute ln I_x(a, b) as 0 < a, b < ∞');
  });
});
