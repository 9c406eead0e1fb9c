import { describe, expect, it } from 'vitest';
import { dispersion, overdispersion } from '../../src/stats/overdispersion.js';

/** Halves that differ by ±spread around 10 of 20 in turn. */
function halves(intervals: number, spread: number) {
  return Array.from({ length: intervals }, (_, i) => ({
    m: 20,
    e1: 10 + (i % 2 === 0 ? spread : -spread),
    theta: 0.5,
  }));
}

describe('overdispersion()', () => {
  it('is 1.25 times the excess of the squares over the binomial variance', () => {
    // v = 5, R² = 64: 1.25·(64 − 5)/25.
    expect(overdispersion(halves(240, 8))).toEqual({ omega: 2.95, basis: 'estimated', intervals: 240 });
  });

  it('weighs intervals by what they say', () => {
    const mixed = [...halves(240, 8), ...Array.from({ length: 240 }, () => ({ m: 8, e1: 2, theta: 0.25 }))];
    const excess = 240 * (64 - 5) + 240 * (0 - 1.5);
    expect(overdispersion(mixed).omega).toBeCloseTo((1.25 * excess) / (240 * 25 + 240 * 2.25), 12);
  });

  it('is at least 0.02', () => {
    expect(overdispersion(halves(240, 0))).toEqual({ omega: 0.02, basis: 'estimated', intervals: 240 });
  });

  it('is at least what would be assumed below 240 intervals, and assumed below 30', () => {
    expect(overdispersion(halves(239, 0))).toEqual({ omega: 0.1, basis: 'provisional', intervals: 239 });
    expect(overdispersion(halves(30, 8))).toEqual({ omega: 2.95, basis: 'provisional', intervals: 30 });
    expect(overdispersion(halves(29, 8))).toEqual({ omega: 0.1, basis: 'assumed', intervals: 29 });
    expect(overdispersion([])).toEqual({ omega: 0.1, basis: 'assumed', intervals: 0 });
  });

  it('does not count intervals without errors or with all requests in one half', () => {
    const silent = Array.from({ length: 500 }, () => ({ m: 0, e1: 0, theta: 0.5 }));
    const lopsided = Array.from({ length: 500 }, () => ({ m: 5, e1: 5, theta: 1 }));
    expect(overdispersion([...silent, ...lopsided])).toEqual({ omega: 0.1, basis: 'assumed', intervals: 0 });
  });

  it.each([
    { m: -1, e1: 0, theta: 0.5 },
    { m: 1, e1: 2, theta: 0.5 },
    { m: 1, e1: -1, theta: 0.5 },
    { m: 1, e1: 1, theta: 1.5 },
    { m: Number.NaN, e1: 1, theta: 0.5 },
    { m: Number.POSITIVE_INFINITY, e1: 1, theta: 0.5 },
  ])('refuses %j', (row) => {
    expect(() => overdispersion([row])).toThrow('Cannot compute the overdispersion as 0 ≤ e1 ≤ m < ∞ and 0 ≤ θ ≤ 1');
  });
});

describe('dispersion()', () => {
  it('grows with the bad events, and is 1 without any or without overdispersion', () => {
    expect(dispersion(0.1, { m: 100, theta: 0.1 })).toBeCloseTo(1.9, 14);
    expect(dispersion(0.1, { m: 0, theta: 0.1 })).toBe(1);
    expect(dispersion(0, { m: 100, theta: 0.1 })).toBe(1);
  });
});
