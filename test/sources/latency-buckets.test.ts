import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencyBuckets } from '../../src/sources/latency-buckets.js';

const all = Number.POSITIVE_INFINITY;

/** Of `requests`, the counts of these buckets. */
function bucketsOf(requests: number, values: readonly (readonly [number, string])[]) {
  return latencyBuckets(
    values.map(([upTo, value]) => ({ upTo, value })),
    { requests, absence: 'nothing there' },
  );
}

test('latencyBuckets() takes what the histogram holds in proportion to the requests', () => {
  // The proxy has not added the last twenty durations yet: none of them was slow for that.
  expect(
    bucketsOf(100, [
      [all, '80'],
      [250, '76'],
      [100, '40.2'],
    ]),
  ).toEqual([
    { upTo: 100, requests: 50 },
    { upTo: 250, requests: 95 },
  ]);
});

test('latencyBuckets() leaves out a bound that holds fewer than one below it, or more than all', () => {
  expect(
    bucketsOf(10, [
      [100, '6'],
      [200, '3'],
      [250, '9'],
      [300, '11'],
      [all, '10'],
    ]),
  ).toEqual([
    { upTo: 100, requests: 6 },
    { upTo: 250, requests: 9 },
  ]);
});

test.each([
  ['nothing there', []],
  ['no bucket +Inf, which counts everything', [[100, '6']]],
  [
    'no requests in its buckets',
    [
      [100, '0'],
      [all, '0'],
    ],
  ],
  [
    'NaN for the bucket up to 100 ms',
    [
      [100, 'NaN'],
      [all, '10'],
    ],
  ],
  [
    '-3 for the bucket up to Infinity ms',
    [
      [100, '6'],
      [all, '-3'],
    ],
  ],
] as const)('latencyBuckets() says %j', (missing, values) => {
  expect(bucketsOf(10, values)).toEqual({ missing });
});

test('latencyBuckets() gives rising bounds, and counts that rise up to the requests', () => {
  const value = fc.double({ min: 0, max: 1e6, noNaN: true }).map(String);
  const bound = fc.oneof(fc.constantFrom(100, 250, all), fc.double({ min: 0.1, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.tuple(bound, value)), fc.integer({ min: 1, max: 1e6 }), (values, requests) => {
      const found = bucketsOf(requests, values);
      if ('missing' in found) return;
      found.forEach(({ upTo, requests: count }, i) => {
        expect(upTo).toBeGreaterThan(found[i - 1]?.upTo ?? 0);
        expect(count).toBeGreaterThanOrEqual(found[i - 1]?.requests ?? 0);
        expect(count).toBeLessThanOrEqual(requests);
      });
    }),
  );
});

/** What is said of the counts, step by step: their sums by rising bounds, those that do not fall, in proportion. */
function stepByStep(values: readonly (readonly [number, number])[], requests: number) {
  const sums = new Map<number, number>();
  for (const [upTo, count] of values) sums.set(upTo, (sums.get(upTo) ?? 0) + count);
  const total = sums.get(Number.POSITIVE_INFINITY) ?? 0;
  let below = 0;
  return [...sums]
    .sort(([a], [b]) => a - b)
    .flatMap(([upTo, count]) => {
      if (upTo === Number.POSITIVE_INFINITY || count < below * (1 - 1e-9) || count > total * (1 + 1e-9)) return [];
      below = Math.min(Math.max(count, below), total);
      return [{ upTo, requests: Math.round((below / total) * requests) }];
    });
}

test('latencyBuckets() counts what rises at once, and what does not, alike to the last bit', () => {
  const bound = fc.constantFrom(0.1, 5, 10, 25, 100, 250);
  const count = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.double({ min: 0, max: 50, noNaN: true }));
  const rising = fc.uniqueArray(bound).map((bounds) => bounds.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(
      fc
        .oneof(rising, fc.array(bound))
        .chain((bounds) => fc.tuple(...bounds.map((each) => fc.tuple(fc.constant(each), count)))),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      fc.integer({ min: 1, max: 1e6 }),
      (finite, total, requests) => {
        const values = [...finite, [Number.POSITIVE_INFINITY, total] as const];
        const found = latencyBuckets(
          values.map(([upTo, value]) => ({ upTo, value })),
          { requests, absence: 'none' },
        );
        expect(found).toEqual(stepByStep(values, requests));
      },
    ),
  );
});
