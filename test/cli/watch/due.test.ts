import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueAfter, shortestInterval } from '../../../src/cli/watch/due.js';
import { ConfigError } from '../../../src/errors.js';
import { loadValues } from '../../../src/values/load.js';
import { evaluationValues, reviewsValues } from '../workspace.js';

test('dueAfter() is the delay after the end of a window', () => {
  const timing = { interval: 60, delay: 5 };
  expect([0, 4.9, 5, 64.9, 65].map((time) => dueAfter(time, timing))).toEqual([5, 5, 65, 65, 125]);
});

test('dueAfter() is later, by an interval at most, and always the delay after a multiple of the interval', () => {
  const seconds = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(seconds, fc.nat(1000), fc.nat(2_000_000_000), (interval, delay, time) => {
      const due = dueAfter(time, { interval, delay });
      expect(due).toBeGreaterThan(time);
      expect(due).toBeLessThanOrEqual(time + interval);
      expect(Math.abs((due - delay) % interval)).toBe(0);
    }),
  );
});

test('shortestInterval() is that of the analyses, and a minute where there is none', () => {
  const named = { file: 'releases/reviews/values.yaml', name: 'reviews', namespace: 'default' };
  const every = (interval: string) => ({
    loaded: loadValues(reviewsValues + evaluationValues.replace('60s', interval), named),
  });
  const broken = { loaded: new ConfigError('x', { code: 'x' }) };
  expect(shortestInterval([every('90s'), broken, every('30s'), every('2m')])).toBe(30);
  expect(shortestInterval([broken, { loaded: loadValues(reviewsValues, named) }])).toBe(60);
});
