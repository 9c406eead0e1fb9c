import { describe, expect, test } from 'vitest';
import { betaPosterior } from '../../src/stats/beta-posterior.js';
import { compareIntervals } from '../../src/stats/compare-intervals.js';
import { integratePanels } from '../../src/stats/integrate-panels.js';
import { meanPosterior } from '../../src/stats/mean-posterior.js';
import type { Posterior } from '../../src/stats/posterior.js';
import { seededRandom } from '../../src/stats/random-draws.js';

const posteriors: [string, Posterior][] = [
  ['Beta(0.1, 100.1)', betaPosterior(0.1, 100.1)],
  ['Beta(3.1, 97.1)', betaPosterior(3.1, 97.1)],
  ['Beta(300, 0.1)', betaPosterior(300, 0.1)],
  ['a mean with 3 degrees of freedom', meanPosterior({ center: 20, standardError: 2, df: 3 })],
  ['a mean with 300 degrees of freedom', meanPosterior({ center: -1, standardError: 1e-3, df: 300 })],
];

describe.each(posteriors)('%s', (_name, posterior) => {
  test('its quantiles undo its CDF', () => {
    for (const p of [0.2, 0.5, 0.975]) {
      const x = posterior.quantile(p);
      if (x < 1) expect(posterior.cdf(x)).toBeCloseTo(p, 8);
    }
  });

  test('its density on its scale integrates to its CDF', () => {
    const { center, width, density, valueAt } = posterior.scale;
    const at = center + width / 2;
    const breaks = Array.from({ length: 241 }, (_, i) => at + (i - 240) * width);
    expect(integratePanels(density, breaks)).toBeCloseTo(posterior.cdf(valueAt(at)), 8);
  });

  test('its draws are distributed as its CDF says', () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 4000 }, () => posterior.cdf(posterior.draw(random)));
    for (const p of [0.3, 0.5, 0.9]) {
      // Four standard errors of a share of 4,000 draws.
      expect(Math.abs(drawn.filter((each) => each <= p).length / 4000 - p)).toBeLessThan(0.032);
    }
  });
});

test('seededRandom() repeats itself, stays inside 0 and 1, and differs by seed', () => {
  const [one, again, other] = [seededRandom(7), seededRandom(7), seededRandom(8)];
  const numbers = Array.from({ length: 1000 }, one);
  expect(Array.from({ length: 1000 }, again)).toEqual(numbers);
  expect(numbers.every((each) => each > 0 && each < 1)).toBe(true);
  expect(other()).not.toBe(numbers[0]);
});

describe('compareIntervals()', () => {
  test('of two normal means is that of their difference', () => {
    const one = meanPosterior({ center: 22, standardError: 0.3, df: 1e6 });
    const other = meanPosterior({ center: 20, standardError: 0.4, df: 1e6 });
    const { difference } = compareIntervals(one, other);
    expect(difference[0]).toBeCloseTo(2 - 1.959966 * 0.5, 4);
    expect(difference[1]).toBeCloseTo(2 + 1.959966 * 0.5, 4);
  });

  test('of two shares holds 95 % of the draws of their ratio', () => {
    const [one, other] = [betaPosterior(12.1, 988.1), betaPosterior(9.1, 991.1)];
    const { ratio } = compareIntervals(one, other);
    const random = seededRandom(3);
    const inside = Array.from({ length: 4000 }, () => one.draw(random) / other.draw(random));
    const share = inside.filter((each) => each >= ratio[0] && each <= ratio[1]).length / 4000;
    expect(Math.abs(share - 0.95)).toBeLessThan(0.02);
  });

  test('has no upper end of a ratio to what may be 0', () => {
    const near = meanPosterior({ center: 1, standardError: 1, df: 3 });
    expect(compareIntervals(near, near).ratio[1]).toBe(Number.POSITIVE_INFINITY);
  });
});
