import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketQuantile } from '../../src/stats/bucket-quantile.js';

const buckets = [
  { upTo: 100, requests: 50 },
  { upTo: 200, requests: 80 },
  { upTo: 400, requests: 90 },
];

test.each([
  // What Prometheus 2.54's histogram_quantile answers to the same buckets, le="+Inf" 100.
  [0.25, 50, false],
  [0.5, 100, false],
  [0.65, 150, false],
  [0.8, 200, false],
  [0.9, 400, false],
  [0.95, 400, true],
])('bucketQuantile() is linear inside a bucket: %d', (share, value, beyond) => {
  expect(bucketQuantile(buckets, { total: 100, share })).toEqual({ value, beyond });
});

test('bucketQuantile() begins the first bucket at 0, or at its bound where that is not above 0', () => {
  expect(bucketQuantile([{ upTo: 8, requests: 4 }], { total: 4, share: 0.5 })?.value).toBe(4);
  expect(bucketQuantile([{ upTo: -8, requests: 4 }], { total: 4, share: 0.5 })?.value).toBe(-8);
});

test('bucketQuantile() does without the bound +Inf, and takes no notice of it', () => {
  const closed = [...buckets, { upTo: Number.POSITIVE_INFINITY, requests: 100 }];
  expect(bucketQuantile(closed, { total: 100, share: 0.95 })).toEqual({ value: 400, beyond: true });
});

test('bucketQuantile() takes counts that fall as level', () => {
  const falling = [
    { upTo: 1, requests: 50 },
    { upTo: 2, requests: 49 },
    { upTo: 3, requests: 100 },
  ];
  expect(bucketQuantile(falling, { total: 100, share: 0.75 })?.value).toBe(2.5);
});

test.each([
  ['no bucket', [], 100],
  ['no finite bound', [{ upTo: Number.POSITIVE_INFINITY, requests: 100 }], 100],
  ['no value', [{ upTo: 1, requests: 0 }], 0],
  ['NaN values', [{ upTo: 1, requests: 0 }], Number.NaN],
])('bucketQuantile() is undefined with %s', (_what, given, total) => {
  expect(bucketQuantile(given, { total, share: 0.5 })).toBeUndefined();
});

test('bucketQuantile() lies inside the bucket that holds the quantile', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1 }),
      fc.integer({ min: 50, max: 99 }),
      (values, percent) => {
        const bounds = [10, 100, 500, 1000];
        const counts = bounds.map((upTo) => ({ upTo, requests: values.filter((value) => value <= upTo).length }));
        const exact = values.sort((a, b) => a - b)[Math.ceil((percent / 100) * values.length) - 1] ?? 0;
        const upper = bounds.find((bound) => exact <= bound) ?? 0;
        const lower = bounds[bounds.indexOf(upper) - 1] ?? 0;
        const found = bucketQuantile(counts, { total: values.length, share: percent / 100 });
        expect(found?.beyond).toBe(false);
        expect(found?.value).toBeGreaterThanOrEqual(lower);
        expect(found?.value).toBeLessThanOrEqual(upper);
      },
    ),
  );
});
