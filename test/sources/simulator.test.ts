import { expect, test } from 'vitest';
import { istioBuckets } from '../../src/sources/istio-buckets.js';
import { Simulator } from '../../src/sources/simulator.js';

const start = 1_700_000_040;
const v1 = { namespace: 'default', service: 'reviews-v1' };
const v2 = { namespace: 'default', service: 'reviews-v2' };

function createReviews(seed = 1): Simulator {
  const simulator = new Simulator({ seed, start });
  simulator.service(v1, { rate: 50, errorRate: 0.1, latency: 20 });
  return simulator;
}

/** Whether a count is within 5 standard deviations of a Poisson mean. */
function isNear(count: number, mean: number): boolean {
  return Math.abs(count - mean) < 5 * Math.sqrt(mean);
}

test('advance() makes traffic of the given rate, errors and latency', () => {
  const simulator = createReviews();
  simulator.advance(3600);
  expect(simulator.now).toBe(start + 3600);
  const { requests, errors, latencySum } = simulator.totals({ ...v1, reporter: 'source' }, simulator.now);
  expect(requests).toSatisfy((count: number) => isNear(count, 180_000));
  expect(errors).toSatisfy((count: number) => isNear(count, 18_000));
  expect(latencySum / requests).toBeCloseTo(20, 0);
  expect([requests, errors, latencySum].every(Number.isSafeInteger)).toBe(true);
});

test('advance() spreads the latencies over the buckets of Istio', () => {
  const simulator = createReviews();
  simulator.advance(1000);
  const { requests, buckets } = simulator.totals({ ...v1, reporter: 'source' }, simulator.now);
  const upTo = (bound: number) => (buckets[istioBuckets.indexOf(bound)] ?? 0) / requests;
  // Of a mean of 20 ms: the shares below 5, 25 and 50 ms of a Gamma distribution of shape 4.
  expect(upTo(5)).toBeCloseTo(0.019, 2);
  expect(upTo(25)).toBeCloseTo(0.735, 2);
  expect(upTo(50)).toBeCloseTo(0.99, 2);
  expect(buckets.at(-1)).toBe(requests);
  expect(buckets.toSorted((a, b) => a - b)).toEqual(buckets);
});

test('advance() refuses parts of seconds and the past', () => {
  expect(() => createReviews().advance(0.5)).toThrow(RangeError);
  expect(() => createReviews().advance(-1)).toThrow(RangeError);
});

test('advance() draws each service from a sequence of its own', () => {
  const [alone, beside] = [createReviews(), createReviews()];
  beside.service(v2, { rate: 50, errorRate: 0.1, latency: 20 });
  alone.advance(60);
  beside.advance(60);
  const expected = alone.totals({ ...v1, reporter: 'source' }, alone.now);
  expect(beside.totals({ ...v1, reporter: 'source' }, beside.now)).toEqual(expected);
  expect(beside.totals({ ...v2, reporter: 'source' }, beside.now)).not.toEqual(expected);
});

test('advance() in one step or in many is the same', () => {
  const [once, often] = [createReviews(), createReviews()];
  once.advance(60);
  for (let second = 0; second < 60; second += 1) often.advance(1);
  const subject = { ...v1, reporter: 'source' } as const;
  for (let time = start; time <= start + 60; time += 1) {
    expect(often.totals(subject, time)).toEqual(once.totals(subject, time));
  }
});

test('service() changes what is given and nothing else, from now on', () => {
  const simulator = createReviews();
  simulator.advance(600);
  simulator.service(v1, { errorRate: 1 });
  simulator.advance(600);
  const subject = { ...v1, reporter: 'source' } as const;
  const before = simulator.totals(subject, start + 600);
  const after = simulator.totals(subject, start + 1200);
  expect(before.errors).toSatisfy((count: number) => isNear(count, 3000));
  expect(after.errors - before.errors).toBe(after.requests - before.requests);
  expect(after.requests - before.requests).toSatisfy((count: number) => isNear(count, 30_000));
});

test('route() divides the traffic by shares', () => {
  const simulator = createReviews();
  simulator.service(v2, {});
  simulator.route('default', { rate: 100, shares: { 'reviews-v1': 80, 'reviews-v2': 20 } });
  simulator.advance(1000);
  simulator.route('default', { rate: 100, shares: { 'reviews-v1': 100, 'reviews-v2': 0 } });
  simulator.advance(1000);
  const requests = (service: string, time: number) =>
    simulator.totals({ namespace: 'default', service, reporter: 'source' }, time).requests;
  expect(requests('reviews-v1', start + 1000)).toSatisfy((count: number) => isNear(count, 80_000));
  expect(requests('reviews-v2', start + 1000)).toSatisfy((count: number) => isNear(count, 20_000));
  expect(requests('reviews-v2', start + 2000)).toBe(requests('reviews-v2', start + 1000));
});

test('route() shows mirrored requests to the destination only', () => {
  const simulator = createReviews();
  simulator.service(v2, { errorRate: 0.5 });
  simulator.route('default', { rate: 100, shares: { 'reviews-v1': 100 }, mirrors: { 'reviews-v2': 30 } });
  simulator.advance(1000);
  expect(simulator.totals({ ...v2, reporter: 'source' }, simulator.now).requests).toBe(0);
  const mirrored = simulator.totals({ ...v2, reporter: 'destination' }, simulator.now);
  expect(mirrored.requests).toSatisfy((count: number) => isNear(count, 30_000));
  const called = simulator.totals({ ...v1, reporter: 'source' }, simulator.now);
  expect(simulator.totals({ ...v1, reporter: 'destination' }, simulator.now)).toEqual(called);
});

test('route() refuses a service that was not added, and changes nothing', () => {
  const simulator = createReviews();
  const route = { rate: 1000, shares: { 'reviews-v1': 50, 'reviews-v2': 50 } };
  expect(() => simulator.route('default', route)).toThrow(new RangeError('no service default/reviews-v2'));
  simulator.advance(100);
  const { requests } = simulator.totals({ ...v1, reporter: 'source' }, simulator.now);
  expect(requests).toSatisfy((count: number) => isNear(count, 5000));
});

test('totals() knows neither the future nor a stranger', () => {
  const simulator = createReviews();
  expect(() => simulator.totals({ ...v1, reporter: 'source' }, start + 1)).toThrow(RangeError);
  expect(() => simulator.totals({ ...v2, reporter: 'source' }, start)).toThrow(RangeError);
});
