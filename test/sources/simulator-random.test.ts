import { expect, test } from 'vitest';
import { gamma, gammaBelow, poisson, type Random, seededRandom } from '../../src/sources/simulator-random.js';

function moments(draw: (random: Random) => number): { readonly mean: number; readonly variance: number } {
  const random = seededRandom(42);
  const values = Array.from({ length: 20_000 }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

test('seededRandom() is Mulberry32', () => {
  const random = seededRandom(0);
  // The first outputs of the reference implementation for seed 0.
  expect([random(), random(), random()].map((value) => value * 2 ** 32)).toEqual([1144304738, 1416247, 958946056]);
});

test('seededRandom() is uniform', () => {
  const { mean, variance } = moments((random) => random());
  expect(mean).toBeCloseTo(1 / 2, 1.7);
  expect(variance).toBeCloseTo(1 / 12, 2);
});

test.each([0.5, 1, 12, 750])('poisson() has mean and variance %d', (expected) => {
  const { mean, variance } = moments((random) => poisson(random, expected));
  expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(expected / 20_000));
  expect(variance / expected).toBeGreaterThan(0.9);
  expect(variance / expected).toBeLessThan(1.1);
});

test('poisson() of nothing is 0 and draws nothing', () => {
  expect(
    poisson(() => {
      throw new Error('drawn');
    }, 0),
  ).toBe(0);
});

test.each([4, 40, 4000])('gamma() has mean and variance %d', (shape) => {
  const { mean, variance } = moments((random) => gamma(random, shape));
  expect(mean / shape).toBeCloseTo(1, 1.7);
  expect(variance / shape).toBeGreaterThan(0.9);
  expect(variance / shape).toBeLessThan(1.1);
});

test('gamma() of shape 0 is 0', () => {
  expect(gamma(seededRandom(1), 0)).toBe(0);
});

test('gammaBelow() is the share of values of gamma() that lie below', () => {
  expect(gammaBelow(0, 4)).toBe(0);
  // An exponential distribution.
  expect(gammaBelow(1, 1)).toBeCloseTo(1 - Math.exp(-1), 12);
  const below = moments((random) => (gamma(random, 4) < 5 ? 1 : 0)).mean;
  expect(gammaBelow(5, 4)).toBeCloseTo(below, 1.7);
  expect(gammaBelow(1000, 4)).toBe(1);
});
