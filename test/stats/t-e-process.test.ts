import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/stats/normal.js';
import { type History, tEProcess } from '../../src/stats/t-e-process.js';

/** The same as tEProcess(), of plain numbers. */
function evidence(values: readonly number[], weights = values.map(() => 1), history?: History): Float64Array {
  return tEProcess(
    {
      values: Float64Array.from(values),
      weights: Float64Array.from(weights),
      sizes: Float64Array.from(values, Math.abs),
    },
    history,
  );
}

describe('tEProcess()', () => {
  it.each([
    [1, 1],
    [1, 5],
    [7, 1],
  ])('has mean 1 after two differences of no effect with weights %d and %d', (first, second) => {
    // √h·d is normal with one variance; E does not depend on it, so the mean is one over the directions of a circle.
    const steps = 20_000;
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      const angle = ((i + 0.5) / steps) * 2 * Math.PI;
      const values = [Math.cos(angle) / Math.sqrt(first), Math.sin(angle) / Math.sqrt(second)];
      sum += Math.exp(evidence(values, [first, second])[1] as number);
    }
    expect(sum / steps).toBeCloseTo(1, 8);
  });

  it('has mean 1 after three, and less where the effect is below 0', () => {
    const steps = 120;
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      for (let j = 0; j < 2 * steps; j++) {
        const z = (2 * (i + 0.5)) / steps - 1;
        const angle = (Math.PI * (j + 0.5)) / steps;
        const ring = Math.sqrt(1 - z * z);
        sum += Math.exp(evidence([ring * Math.cos(angle), ring * Math.sin(angle), z])[2] as number);
      }
    }
    expect(sum / (2 * steps * steps)).toBeCloseTo(1, 4);
  });

  it('reaches 100 in at most 1 % of courses without effect, looked at 60 times each', () => {
    const random = lcg(20_240_817);
    const runs = 2000;
    let alarms = 0;
    for (let i = 0; i < runs; i++) {
      const values = Array.from({ length: 60 }, () => normalQuantile(random()));
      if (evidence(values).some((value) => value >= Math.log(100))) alarms += 1;
    }
    // 1 % and three standard errors; Ville's inequality leaves it well below.
    expect(alarms / runs).toBeLessThan(0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs));
    expect(alarms).toBeGreaterThan(0);
  });

  it('finds half a standard deviation in most courses of 120', () => {
    const random = lcg(7);
    const found = Array.from({ length: 200 }, () =>
      evidence(Array.from({ length: 120 }, () => 0.5 + normalQuantile(random()))).some((v) => v >= Math.log(100)),
    );
    expect(found.filter(Boolean).length).toBeGreaterThan(180);
  });

  it('stays at 0 or below while nothing varies, and then follows the formula', () => {
    const constant = evidence([2, 2, 2, 2, 2, 2, 2, 2]);
    for (const value of constant) expect(value).toBe(0);
    const then = evidence([2, 2, 2, 2, 2, 2, 2, 2.1]);
    expect([...then.subarray(0, 7)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(then[7]).toBeGreaterThan(0);
    expect(evidence([-2, -2, -2]).every((value) => value < 0)).toBe(true);
    expect([...evidence([0, 0, 0])]).toEqual([0, 0, 0]);
  });

  it('takes differences that vary only by rounding for constant', () => {
    const values = Array.from({ length: 50 }, (_, i) => ((0.1 + i * 0.7) / 3 - (i * 0.7) / 3) * 30);
    expect(new Set(values).size).toBeGreaterThan(5);
    for (const value of evidence(values)) expect(value).toBeLessThanOrEqual(0);
  });

  it('uses a history that varies and no other', () => {
    const values = [3, 2, 4];
    expect(evidence(values, [1, 1, 1], { squares: 0, intervals: 30 })).toEqual(evidence(values));
    expect(evidence(values, [1, 1, 1], { squares: 5, intervals: 0 })).toEqual(evidence(values));
    // 30 intervals of standard deviation 1 make of a 3 what one difference alone cannot.
    const known = evidence(values, [1, 1, 1], { squares: 30, intervals: 30 });
    expect(known[0]).toBeGreaterThan(1);
    expect(known[2]).toBeGreaterThan(evidence(values)[2] as number);
  });

  it('is finite for any size of effect', () => {
    for (const size of [1e-140, 1e-9, 1, 1e9, 1e140]) {
      for (const sign of [1, -1]) {
        const values = Array.from({ length: 300 }, (_, i) => sign * size * (1 + 1e-6 * (i % 2)));
        expect(evidence(values).every(Number.isFinite)).toBe(true);
      }
    }
    expect(evidence([])).toHaveLength(0);
  });
});

/** Uniform in (0, 1): Lehmer's generator with Park and Miller's constants. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
