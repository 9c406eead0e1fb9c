import { describe, expect, test } from 'vitest';
import { binomialDraw, poissonDraw } from '../../src/stats/count-draws.js';
import { logGamma } from '../../src/stats/log-gamma.js';
import { normalQuantile } from '../../src/stats/normal.js';
import { seededRandom } from '../../src/stats/random-draws.js';

const DRAWS = 100_000;

/** Returns Pearson's statistic of draws, as standard deviations that it lies above its mean, by Wilson and Hilferty. */
function misfit(draw: () => number, logChance: (k: number) => number): number {
  const seen = new Map<number, number>();
  for (let i = 0; i < DRAWS; i += 1) {
    const k = draw();
    seen.set(k, (seen.get(k) ?? 0) + 1);
  }
  const likely = [...Array(2000).keys()].filter((k) => DRAWS * Math.exp(logChance(k)) >= 10);
  let [statistic, counted, expectedInAll] = [0, 0, 0];
  for (const k of likely) {
    const expected = DRAWS * Math.exp(logChance(k));
    const found = seen.get(k) ?? 0;
    statistic += (found - expected) ** 2 / expected;
    counted += found;
    expectedInAll += expected;
  }
  const [rest, restExpected] = [DRAWS - counted, Math.max(1e-9, DRAWS - expectedInAll)];
  if (restExpected >= 5) statistic += (rest - restExpected) ** 2 / restExpected;
  const freedom = likely.length - 1;
  return (Math.cbrt(statistic / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
}

/** One seed in a million goes beyond it. */
const most = normalQuantile(1 - 1e-6);

describe('poissonDraw()', () => {
  test.each([0.3, 4, 9.99, 10, 25, 400])('has the chances of a Poisson number with mean %d', (mean) => {
    const random = seededRandom(7);
    const logChance = (k: number) => k * Math.log(mean) - mean - logGamma(k + 1);
    expect(misfit(() => poissonDraw(mean, random), logChance)).toBeLessThan(most);
  });

  test('has the mean and the variance of 30,000 requests', () => {
    const random = seededRandom(8);
    const draws = Array.from({ length: DRAWS }, () => poissonDraw(30_000, random));
    const mean = draws.reduce((sum, each) => sum + each, 0) / DRAWS;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / DRAWS;
    expect(Math.abs(mean - 30_000)).toBeLessThan(5 * Math.sqrt(30_000 / DRAWS));
    expect(variance / 30_000).toBeGreaterThan(0.97);
    expect(variance / 30_000).toBeLessThan(1.03);
  });

  test('is 0 for a mean of 0', () => {
    expect(poissonDraw(0, seededRandom(1))).toBe(0);
  });
});

describe('binomialDraw()', () => {
  test.each([
    [1, 0.4],
    [30, 0.1],
    [100, 0.1],
    [100, 0.5],
    [1000, 0.93],
    [1500, 0.02],
  ])('has the chances of %i trials with %d each', (n, p) => {
    const random = seededRandom(9);
    const logChance = (k: number) =>
      k > n
        ? Number.NEGATIVE_INFINITY
        : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p);
    expect(misfit(() => binomialDraw(n, p, random), logChance)).toBeLessThan(most);
  });

  test('leaves nothing to chance where there is none', () => {
    const random = () => {
      throw new Error('drawn');
    };
    expect([binomialDraw(0, 0.5, random), binomialDraw(5, 0, random), binomialDraw(5, 1, random)]).toEqual([0, 0, 5]);
  });
});
