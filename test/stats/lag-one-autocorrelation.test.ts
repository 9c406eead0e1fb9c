import { describe, expect, test } from 'vitest';
import { lagOneAutocorrelation } from '../../src/stats/lag-one-autocorrelation.js';

/** An AR(1) series of normal steps; a generator of its own, so that it never changes. */
function series(r: number, length: number): number[] {
  let state = 7;
  const uniform = () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return (state + 0.5) / 2 ** 32;
  };
  const values: number[] = [];
  for (let t = 0; t < length; t += 1) {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    values.push(r * (values[t - 1] ?? 0) + normal);
  }
  return values;
}

describe('lagOneAutocorrelation()', () => {
  test.each([0.3, 0.6, 0.9])('finds %s, one standard error above', (r) => {
    const found = lagOneAutocorrelation(series(r, 4000)) ?? 0;
    expect(found - Math.sqrt((1 - r * r) / 4000)).toBeCloseTo(r, 1);
  });

  test('is that of the formula', () => {
    // 15 times 0, 1: the mean is ½, every deviation ½, and neighbours have opposite signs: r = −29/30.
    const values = Array.from({ length: 30 }, (_, t) => t % 2);
    expect(lagOneAutocorrelation(values)).toBe(0);
    // 15 zeros and 15 ones: 28 neighbours alike and 1 unlike, r = 27/30.
    const halves = Array.from({ length: 30 }, (_, t) => (t < 15 ? 0 : 1));
    expect(lagOneAutocorrelation(halves)).toBeCloseTo(0.9 + Math.sqrt(0.19 / 30), 12);
  });

  test('says nothing of few values, and 0 of those that do not vary', () => {
    expect(lagOneAutocorrelation(series(0.5, 29))).toBeUndefined();
    expect(lagOneAutocorrelation(new Array(40).fill(3))).toBe(0);
  });

  test('does not depend on the unit', () => {
    const values = series(0.5, 100);
    expect(lagOneAutocorrelation(values.map((value) => 1000 * value))).toBeCloseTo(
      lagOneAutocorrelation(values) ?? 0,
      12,
    );
  });

  test('refuses what is no number', () => {
    expect(() => lagOneAutocorrelation([...series(0, 30), Number.NaN])).toThrow(/finite values/);
  });
});
