import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shares } from '../../src/release/shares.js';

const weights = fc
  .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 6 })
  .filter((list) => list.some((weight) => weight > 0));

test('shares() sum to 100, keep 0 at 0 and differ from the exact share by less than 1', () => {
  fc.assert(
    fc.property(weights, (list) => {
      const total = list.reduce((sum, weight) => sum + weight, 0);
      const percents = shares(list);
      expect(percents.reduce((sum, share) => sum + share, 0)).toBe(100);
      list.forEach((weight, i) => {
        expect(Math.abs((percents[i] ?? 0) - (100 * weight) / total)).toBeLessThan(1);
        if (weight === 0) expect(percents[i]).toBe(0);
      });
    }),
  );
});

test('shares() gives the rest to the largest remainder, ties to the earlier', () => {
  expect(shares([1, 1, 1])).toEqual([34, 33, 33]);
  expect(shares([60, 30, 10])).toEqual([60, 30, 10]);
  expect(shares([1, 2, 1, 4])).toEqual([13, 25, 12, 50]);
});

test('shares() refuses weights that are all 0', () => {
  expect(() => shares([0, 0])).toThrow(RangeError);
});
