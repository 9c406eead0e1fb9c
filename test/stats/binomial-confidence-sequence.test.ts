import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialConfidenceSequence } from '../../src/stats/binomial-confidence-sequence.js';
import { relativeError } from './relative-error.js';

// Reference values: bisection in mpmath 1.4.1, 40 digits.
const references = [
  [12.0, 1000.0, 0.5, 0.5, 0.05, 0.003357733643951305, 0.029197799880696717],
  [0.0, 100.0, 0.5, 0.5, 0.05, 0.0, 0.05702859763877186],
  [1.0, 1000000000.0, 0.5, 0.5, 0.05, 4.460312281492664e-16, 1.74841732667421e-8],
  [500000000.0, 1000000000.0, 0.5, 0.5, 0.05, 0.4999175889680916, 0.5000824110319084],
  [990.0, 1000.0, 1.0, 1.0, 0.01, 0.9696782961888969, 0.9982971794846369],
  [3.5, 20.25, 0.5, 2.0, 0.05, 0.023559301156957, 0.47983951320604695],
] as const;

describe('binomialConfidenceSequence()', () => {
  it.each(references)('of %d in %d (a = %d, b = %d, α = %d) is [%d, %d]', (k, n, a, b, alpha, low, high) => {
    const got = binomialConfidenceSequence({ k, n }, { a, b, alpha });
    expect(relativeError(got[0], low)).toBeLessThan(1e-10);
    expect(relativeError(got[1], high)).toBeLessThan(1e-10);
  });

  it('has the numbers of the design by default', () => {
    const [low, high] = binomialConfidenceSequence({ k: 12, n: 1000 });
    expect(low).toBeCloseTo(0.003357734, 9);
    expect(high).toBeCloseTo(0.0291978, 8);
  });

  it('is mirrored as successes and failures are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 1e6 }), (k, failures) => {
        const n = k + failures;
        const [low, high] = binomialConfidenceSequence({ k, n });
        const [mirroredLow, mirroredHigh] = binomialConfidenceSequence({ k: failures, n });
        expect(low).toBeCloseTo(1 - mirroredHigh, 13);
        expect(high).toBeCloseTo(1 - mirroredLow, 13);
        expect(low).toBeLessThanOrEqual(k / Math.max(1, n));
        expect(high).toBeGreaterThanOrEqual(k / Math.max(1, n));
      }),
    );
  });

  it('misses the true probability at some look in at most 5 % of all courses of 12 looks', () => {
    // Exact: the probability of every path of successes and failures at p that has not been excluded yet.
    for (const p of [0.03, 0.2, 0.5]) {
      let alive = new Map([[0, 1]]);
      for (let n = 1; n <= 12; n++) {
        const next = new Map<number, number>();
        for (const [k, mass] of alive) {
          next.set(k, (next.get(k) ?? 0) + mass * (1 - p));
          next.set(k + 1, (next.get(k + 1) ?? 0) + mass * p);
        }
        alive = new Map([...next].filter(([k]) => holds({ k, n }, p)));
      }
      const kept = [...alive.values()].reduce((a, b) => a + b, 0);
      expect(kept).toBeGreaterThanOrEqual(0.95);
      if (p < 0.1) expect(kept).toBeLessThan(1);
    }
  });

  it('knows nothing of nothing', () => {
    expect(binomialConfidenceSequence({ k: 0, n: 0 })).toEqual([0, 1]);
    expect(binomialConfidenceSequence({ k: 0, n: 10 })[0]).toBe(0);
    expect(binomialConfidenceSequence({ k: 10, n: 10 })[1]).toBe(1);
    expect(binomialConfidenceSequence({ k: 0.001, n: 1000 })[0]).toBe(0);
  });

  it.each([
    [2, 1],
    [-1, 3],
    [Number.NaN, 3],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses %d in %d', (k, n) => {
    expect(() => binomialConfidenceSequence({ k, n })).toThrow('as 0 ≤ k ≤ n < ∞');
  });

  it('refuses an α and shapes outside their range', () => {
    expect(() => binomialConfidenceSequence({ k: 1, n: 2 }, { alpha: 0 })).toThrow('as 0 < α < 1');
    expect(() => binomialConfidenceSequence({ k: 1, n: 2 }, { a: 0 })).toThrow('0 < a, b');
  });
});

function holds(count: { k: number; n: number }, p: number): boolean {
  const [low, high] = binomialConfidenceSequence(count);
  return low <= p && p <= high;
}
