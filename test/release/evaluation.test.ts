import { expect, test } from 'vitest';
import { percentileOf, readsBuckets } from '../../src/release/evaluation.js';

test.each([
  ['latency-p50', 0.5],
  ['latency-p95', 0.95],
  ['latency-p05', 0.05],
  ['latency-p99.9', 0.999],
  ['latency-p00', undefined],
  ['latency-p5', undefined],
  ['latency-p100', undefined],
  ['latency-p9x', undefined],
  ['my-latency-p95', undefined],
  ['latency-mean', undefined],
])('percentileOf() takes %s as %s', (metric, share) => {
  if (share === undefined) expect(percentileOf(metric)).toBeUndefined();
  else expect(percentileOf(metric)).toBeCloseTo(share, 12);
});

test('readsBuckets() is true for a percentile among the objectives or the rewards', () => {
  const mean = { metric: 'latency-mean' };
  const reward = { metric: 'latency-p90', preferredDirection: 'low' } as const;
  expect(readsBuckets({ objectives: [mean], rewards: [] })).toBe(false);
  expect(readsBuckets({ objectives: [mean, { metric: 'latency-p99' }], rewards: [] })).toBe(true);
  expect(readsBuckets({ objectives: [mean], rewards: [reward] })).toBe(true);
});
