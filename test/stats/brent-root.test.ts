import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { brentRoot, type RootOptions } from '../../src/stats/brent-root.js';

const fine = { tolerance: 1e-12, maxSteps: 100 };

function rootOf(f: (x: number) => number, [low, high]: readonly [number, number], options: RootOptions = fine): number {
  return brentRoot(
    f,
    [
      { x: low, y: f(low) },
      { x: high, y: f(high) },
    ],
    options,
  );
}

describe('brentRoot()', () => {
  test('finds roots whose values are known', () => {
    expect(rootOf((x) => x * x - 2, [0, 2])).toBeCloseTo(Math.SQRT2, 12);
    expect(rootOf((x) => Math.cos(x) - x, [0, 1])).toBeCloseTo(0.7390851332151607, 12);
  });

  test('needs fewer values of a smooth function than halving does', () => {
    const f = vi.fn((x: number) => Math.exp(x) - 5);
    expect(rootOf(f, [0, 10])).toBeCloseTo(Math.log(5), 11);
    expect(f.mock.calls.length).toBeLessThan(Math.log2(10 / 1e-12) / 2);
  });

  test('halves where curves lead nowhere, so that a flat root ends too', () => {
    const f = vi.fn((x: number) => x ** 9);
    expect(Math.abs(rootOf(f, [-1, 4], { tolerance: 1e-10, maxSteps: 5000 }))).toBeLessThan(1e-10);
    // Without the halving it takes hundreds.
    expect(f.mock.calls.length).toBeLessThan(100);
  });

  test('finds the step of a staircase within its tolerance, up or down, and stays in the bracket', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.constantFrom(1, -1), (step, sign) => {
        const f = vi.fn((x: number) => (x < step ? sign * 3 : sign * -0.1));
        expect(Math.abs(rootOf(f, [-60, 70], { tolerance: 1e-4, maxSteps: 1001 }) - step)).toBeLessThanOrEqual(1e-4);
        for (const [x] of f.mock.calls) expect(Math.abs(x - 5)).toBeLessThanOrEqual(65);
      }),
    );
  });

  test('returns an end where the function is 0, without another look', () => {
    const f = vi.fn();
    const ends = (low: number, high: number) =>
      [
        { x: 1, y: low },
        { x: 2, y: high },
      ] as const;
    expect(brentRoot(f, ends(0, 5), fine)).toBe(1);
    expect(brentRoot(f, ends(5, 0), fine)).toBe(2);
    expect(f).not.toHaveBeenCalled();
  });

  test('ends after its steps with the best so far', () => {
    const f = vi.fn((x: number) => x - 0.3);
    expect(rootOf((x) => f(x) ** 3, [0, 1000], { tolerance: 0, maxSteps: 3 })).not.toBeCloseTo(0.3, 3);
    expect(f.mock.calls.length).toBe(2 + 3);
  });

  test('is NaN once the function is', () => {
    expect(rootOf((x) => (x > 0 && x < 1 ? Number.NaN : x - 0.5), [0, 1])).toBeNaN();
  });
});
