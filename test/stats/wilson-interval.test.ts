import { describe, expect, test } from 'vitest';
import { wilsonInterval } from '../../src/stats/wilson-interval.js';

describe('wilsonInterval()', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('has the published ends for %i of %i', (successes, trials, from, to) => {
    const [low, high] = wilsonInterval(successes, trials);
    expect(low).toBeCloseTo(from, 4);
    expect(high).toBeCloseTo(to, 4);
  });

  test('is the mirror image for what did not happen', () => {
    const [low, high] = wilsonInterval(3, 50);
    const [mirroredLow, mirroredHigh] = wilsonInterval(47, 50);
    expect(mirroredLow).toBeCloseTo(1 - high, 14);
    expect(mirroredHigh).toBeCloseTo(1 - low, 14);
    expect(wilsonInterval(50, 50)[1]).toBe(1);
  });

  test('says nothing without trials, and is wider when it has to be surer', () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
    expect(wilsonInterval(5, 10, 0.99)[1]).toBeGreaterThan(wilsonInterval(5, 10)[1]);
  });
});
