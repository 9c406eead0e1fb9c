import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apportion, shares } from '../../src/release/shares.js';

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

test('apportion() sums to the total, keeps 0 at 0 and differs from the exact quota by less than 1', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 0, max: 10_000 }), (list, total) => {
      const sum = list.reduce((subtotal, weight) => subtotal + weight, 0);
      const parts = apportion(list, total);
      expect(parts.reduce((subtotal, part) => subtotal + part, 0)).toBe(total);
      list.forEach((weight, i) => {
        expect(Math.abs((parts[i] ?? 0) - (total * weight) / sum)).toBeLessThan(1);
        if (weight === 0) expect(parts[i]).toBe(0);
      });
    }),
  );
});

test('apportion() gives ties to the earlier', () => {
  expect(apportion([1, 1], 3)).toEqual([2, 1]);
  expect(apportion([70, 30], 4)).toEqual([3, 1]);
});
