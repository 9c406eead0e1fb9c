import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaPosterior } from '../../src/stats/beta-posterior.js';
import { meanPosterior } from '../../src/stats/mean-posterior.js';
import { regionProbability } from '../../src/stats/region-probability.js';

/** At most so many times the other value. */
function atMost(ratio: number) {
  return { uppers: [{ constant: 0, ratio }], lowers: [] };
}

describe('regionProbability()', () => {
  // scipy 1.17.1: integrate.quad over the log odds of the second share, special.betainc inside, in pieces.
  test.each([
    [3.1, 97.1, 5.1, 895.1, 1, 0.022058155671821202],
    [0.1, 100.1, 0.1, 900.1, 1.2, 0.41358149639200825],
    [12.1, 988.1, 0.1, 1000.1, 1, 4.263934137581376e-6],
    [31.1, 1969.1, 300.1, 29700.1, 1.05, 0.02649859437430183],
    [1e4, 1e6, 10100, 1e6, 1, 0.7586117330868375],
    [5.1, 20.1, 1e5, 5e5, 1.1, 0.44357984899463687],
    [1e5, 5e5, 5.1, 20.1, 1, 0.6419936329004692],
  ])('of Beta(%d, %d) at most Beta(%d, %d) times %d is as scipy has it', (a, b, c, d, ratio, expected) => {
    const found = regionProbability(betaPosterior(a, b), betaPosterior(c, d), atMost(ratio));
    expect(Math.abs(found - expected)).toBeLessThan(1e-9);
  });

  test('of small shares is exact relative to itself, so that tails can be compared with small levels', () => {
    const found = regionProbability(betaPosterior(12.1, 988.1), betaPosterior(0.1, 1000.1), atMost(1));
    expect(found / 4.263934137581376e-6).toBeCloseTo(1, 9);
  });

  // scipy 1.17.1: integrate.quad of stats.t.pdf times stats.t.cdf.
  test.each([
    [20, 1, 1, 22, 1, 1, 1, 0.75],
    [20, 1, 9, 22, 0.5, 4, 1.05, 0.9859686229987606],
    [20, 0.3, 59, 21, 0.3, 59, 1, 0.9894165515202802],
    [20, 1e-3, 300, 20.01, 1, 3, 1, 0.5036754418270291],
  ])('of means %d ± %d (df %d) and %d ± %d (df %d), ratio %d, is as scipy has it', (...given) => {
    const [m1, s1, f1, m2, s2, f2, ratio, expected] = given;
    const one = meanPosterior({ center: m1, standardError: s1, df: f1 });
    const other = meanPosterior({ center: m2, standardError: s2, df: f2 });
    expect(Math.abs(regionProbability(one, other, atMost(ratio)) - expected)).toBeLessThan(1e-9);
  });

  test('takes several limits, and an interval for the other value', () => {
    const region = {
      uppers: [
        { constant: 0, ratio: 1.2 },
        { constant: 0.03, ratio: 0 },
      ],
      lowers: [{ constant: 0, ratio: 0.5 }],
      reference: [0, 0.025],
    } as const;
    // scipy 1.17.1: integrate.quad of stats.beta.pdf(y, 5.1, 295.1) times the difference of betainc, y to 0.025.
    const found = regionProbability(betaPosterior(3.1, 97.1), betaPosterior(5.1, 295.1), region);
    expect(Math.abs(found - 0.18055015744275288)).toBeLessThan(1e-9);
  });

  test('is the p-value of Fisher when doubts about two shares are decided opposite ways', () => {
    // 7 of 50 bad against 2 of 60; scipy 1.17.1: stats.fisher_exact([[7, 43], [2, 58]], 'greater') = 0.045552119783742254
    const found = regionProbability(betaPosterior(7, 44), betaPosterior(3, 58), atMost(1));
    expect(found).toBeCloseTo(0.045552119783742254, 10);
  });

  test('of both directions adds up to 1', () => {
    const shape = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    const good = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(shape, good, shape, good, (a, b, c, d) => {
        const [one, other] = [betaPosterior(a, b), betaPosterior(c, d)];
        const below = regionProbability(one, other, atMost(1));
        const above = regionProbability(other, one, atMost(1));
        expect(Math.abs(below + above - 1)).toBeLessThan(1e-8);
      }),
      { numRuns: 60 },
    );
  });

  test('is 0 where the limits leave nothing', () => {
    const region = { uppers: [{ constant: 0.1, ratio: 0 }], lowers: [{ constant: 0.2, ratio: 0 }] };
    expect(regionProbability(betaPosterior(2, 3), undefined, region)).toBe(0);
  });
});
