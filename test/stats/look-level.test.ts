import { describe, expect, test } from 'vitest';
import { lookLevel, lookQuantile } from '../../src/stats/look-level.js';
import { normalDraw, seededRandom } from '../../src/stats/random-draws.js';

describe('lookQuantile()', () => {
  // Made with scipy 1.17.1: optimize.brentq on the e-value of the docblock.
  test.each([
    [0.01, 1, 3.434314555985249],
    [0.01, 60, 3.6557573353194948],
    [0.0025, 10, 3.82989828330553],
    [0.05, 300, 3.4214694897924995],
  ] as [number, number, number][])('at %d after %d windows is as scipy has it', (alpha, windows, z) => {
    expect(lookQuantile(alpha, windows)).toBeCloseTo(z, 8);
  });

  test('is infinite where nothing may be wrong', () => {
    expect(lookQuantile(0, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(lookLevel(0, 5)).toBe(0);
  });
});

test('lookLevel() is passed by at most 1 % of 2,000 random walks that are looked at 60 times', () => {
  const levels = Array.from({ length: 60 }, (_, i) => lookQuantile(0.01, i + 1));
  let passed = 0;
  let plain = 0;
  for (let run = 0; run < 2000; run += 1) {
    const random = seededRandom(run);
    let sum = 0;
    let once = false;
    let naive = false;
    levels.forEach((level, i) => {
      sum += normalDraw(random);
      if (sum / Math.sqrt(i + 1) >= level) once = true;
      if (sum / Math.sqrt(i + 1) >= 2.326) naive = true;
    });
    passed += Number(once);
    plain += Number(naive);
  }
  expect(passed / 2000).toBeLessThan(0.01);
  // What it is for: without it, 1 % becomes several.
  expect(plain / 2000).toBeGreaterThan(0.05);
});
