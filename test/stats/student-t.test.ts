import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logIncompleteBeta } from '../../src/stats/log-incomplete-beta.js';
import { studentTLogCdf } from '../../src/stats/student-t.js';
import { relativeError } from './relative-error.js';

// Reference values: mpmath 1.4.1, 40 digits, rounded to doubles.
const references = [
  [-400.0, 300.0, -945.9237122798622],
  [-1000000.0, 0.1, -2.255308505317392],
  [-1.0, 0.1, -0.8762812853929952],
  [0.0, 0.5, -Math.LN2],
  [-1e-9, 1.0, -0.693147181196565],
  [0.7, 1.0, -0.3647069540371981],
  [-3.0, 1.0, -2.278708595290299],
  [1000000.0, 1.0, -3.1830993684428716e-7],
  [2.0, 2.5, -0.08196494752891949],
  [-5.0, 3.0, -4.867026104920421],
  [-30.0, 7.0, -18.94929117731633],
  [4.0, 10.0, -0.0012599597283678469],
  [-1.9, 29.9, -3.3944889806351273],
  [-2.1, 30.0, -3.8112172435282],
  [-60.0, 30.0, -74.56083805802331],
  [8.0, 30.0, -3.1329112427579457e-9],
  [-1.5, 100.0, -2.6826379100447992],
  [-13.0, 100.0, -52.47439804884857],
  [-14.0, 100.0, -57.28230689646439],
  [3.0, 299.0, -0.0014645686186951056],
  [-70, 300, -431.6368685073466],
  [-10000.0, 299.0, -1905.4458989569812],
  [-2.5, 1000.0, -5.068908062040962],
  [-38.0, 10000.0, -678.8922116090991],
  [-400.0, 100000.0, -47782.00490747939],
  [1.2, 10000000.0, -0.12224637655017265],
  [-5.0, 10000000.0, -15.064981537878438],
  [-400.0, 10000000.0, -79373.64825413139],
  [-1000000.0, 10000000.0, -57564686.302582525],
] as const;
const freedom = fc.double({ min: -1, max: 7, noNaN: true }).map((power) => 10 ** power);
const statistic = fc.double({ min: -1e3, max: 1e3, noNaN: true });

describe('studentTLogCdf()', () => {
  it.each(references)('of %d with %d degrees of freedom is %d', (t, df, want) => {
    expect(relativeError(studentTLogCdf(t, df), want)).toBeLessThan(2e-13);
  });

  it('keeps the far tail, which underflows as a probability', () => {
    expect(studentTLogCdf(-400, 300)).toBeCloseTo(-945.92, 2);
  });

  it('is ½·I_x(df/2, ½) below 0', () => {
    fc.assert(
      fc.property(statistic, freedom, (t, df) => {
        const square = t * t;
        const half = logIncompleteBeta(df / (df + square), { a: df / 2, b: 0.5, complement: square / (df + square) });
        expect(relativeError(studentTLogCdf(-Math.abs(t), df), half - Math.LN2)).toBeLessThan(1e-9);
      }),
    );
  });

  it('has no seam where the formulas meet', () => {
    for (const df of [0.5, 3, 29.5, 30, 100, 1e5]) {
      const t = -Math.sqrt(df * Math.expm1(1));
      const [before, after] = [studentTLogCdf(t * (1 - 1e-13), df), studentTLogCdf(t * (1 + 1e-13), df)];
      expect(relativeError(before, after)).toBeLessThan(3e-12);
    }
    for (const t of [-6, -2, 0, 2]) {
      expect(relativeError(studentTLogCdf(t, 30 - 1e-12), studentTLogCdf(t, 30))).toBeLessThan(1e-12);
    }
  });

  it('and its mirror image add up to 1', () => {
    fc.assert(
      fc.property(statistic, freedom, (t, df) => {
        const sum = Math.exp(studentTLogCdf(t, df)) + Math.exp(studentTLogCdf(-t, df));
        expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  it('never falls as t grows', () => {
    fc.assert(
      fc.property(statistic, statistic, freedom, (t1, t2, df) => {
        const low = studentTLogCdf(Math.min(t1, t2), df);
        const high = studentTLogCdf(Math.max(t1, t2), df);
        expect(low).toBeLessThanOrEqual(high + 1e-13 * Math.abs(high));
      }),
    );
  });

  it('is −∞ at −∞ and 0 at ∞', () => {
    expect(studentTLogCdf(Number.NEGATIVE_INFINITY, 3)).toBe(Number.NEGATIVE_INFINITY);
    expect(studentTLogCdf(Number.POSITIVE_INFINITY, 3)).toBeCloseTo(0, 15);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d degrees of freedom', (df) => {
    expect(() => studentTLogCdf(1, df)).toThrow('Cannot compute the log CDF of Student t as 0 < df < ∞');
  });

  it('refuses a NaN', () => {
    expect(() => studentTLogCdf(Number.NaN, 3)).toThrow('as a number: NaN');
  });
});
