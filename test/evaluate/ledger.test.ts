import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowsSince } from '../../src/evaluate/ledger.js';

test('windowsSince() gives whole windows after the start and before now, on multiples of the interval', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), fc.integer({ min: 1, max: 300 }), (since, elapsed, interval) => {
      const now = since + elapsed;
      const windows = windowsSince(since, { interval, now, delay: 5 });
      if (windows === undefined) {
        expect(now - 5).toBeLessThan(Math.ceil(since / interval) * interval + interval);
        return;
      }
      expect(windows.firstEnd % interval).toBe(0);
      expect(windows.lastEnd % interval).toBe(0);
      expect(windows.firstEnd - interval).toBeGreaterThanOrEqual(since);
      expect(windows.lastEnd).toBeLessThanOrEqual(now - 5);
    }),
  );
});

test('windowsSince() looks back a day of minutes at most', () => {
  const windows = windowsSince(0, { interval: 60, now: 10_000_000, delay: 0 });
  expect(windows && (windows.lastEnd - windows.firstEnd) / 60 + 1).toBe(1440);
});

test('windowsSince() gives the same windows again, and more of them, as time goes on', () => {
  const early = windowsSince(30, { interval: 60, now: 200, delay: 5 });
  const late = windowsSince(30, { interval: 60, now: 300, delay: 5 });
  expect(early).toEqual({ interval: 60, firstEnd: 120, lastEnd: 180 });
  expect(late).toEqual({ interval: 60, firstEnd: 120, lastEnd: 240 });
});
