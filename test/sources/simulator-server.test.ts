import { expect, onTestFinished, test } from 'vitest';
import { isSample, type Subject } from '../../src/release/evaluation.js';
import { istioBuckets } from '../../src/sources/istio-buckets.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { Simulator } from '../../src/sources/simulator.js';
import { serveSimulator } from '../../src/sources/simulator-server.js';
import { istioQuery, subjectOf } from './subject-of.js';

const start = 1_700_000_040;
const v1 = subjectOf('reviews-v1');
const v2 = subjectOf('reviews-v2', { reporter: 'destination' });
const query = istioQuery('requests', [v1]);

/** Ten minutes: v1 serves and never fails, v2 gets a copy of a tenth and fails often. */
async function serveReviews(seed = 1) {
  const simulator = new Simulator({ seed, start });
  simulator.service(v1, { latency: 20 });
  simulator.service(v2, { latency: 30, errorRate: 0.2 });
  simulator.route('default', { rate: 20, shares: { 'reviews-v1': 100 }, mirrors: { 'reviews-v2': 10 } });
  simulator.advance(600);
  const server = await serveSimulator(simulator);
  onTestFinished(() => server.close());
  return { simulator, url: server.url };
}

function rangeQuery(url: string, form: Record<string, string>): Promise<Response> {
  return fetch(`${url}/api/v1/query_range`, { method: 'POST', body: new URLSearchParams(form) });
}

test('serveSimulator() gives the source of Prometheus what the simulator counted', async () => {
  const { simulator, url } = await serveReviews();
  const request = { subjects: [v1, v2], interval: 60, firstEnd: start + 60, lastEnd: start + 600 };
  const answer = await prometheus({ url, timeout: 5 }).read(request);
  for (const subject of request.subjects) {
    for (let end = request.firstEnd; end <= request.lastEnd; end += 60) {
      const [before, after] = [simulator.totals(subject, end - 60), simulator.totals(subject, end)];
      expect(answer.sample(subject, end)).toEqual({
        requests: after.requests - before.requests,
        errors: after.errors - before.errors,
        latencySum: after.latencySum - before.latencySum,
      });
    }
  }
  expect(simulator.totals(v2, simulator.now).errors).toBeGreaterThan(0);
  expect(answer.warnings).toEqual([]);
});

test('serveSimulator() gives the buckets of whom they are asked', async () => {
  const { simulator, url } = await serveReviews();
  const request = { subjects: [v1, v2], bucketsOf: [v2], interval: 60, firstEnd: start + 600, lastEnd: start + 600 };
  const answer = await prometheus({ url, timeout: 5 }).read(request);
  const [before, after] = [simulator.totals(v2, start + 540), simulator.totals(v2, start + 600)];
  expect(answer.sample(v2, start + 600)).toMatchObject({
    requests: after.requests - before.requests,
    latencyBuckets: istioBuckets.map((upTo, i) => ({
      upTo,
      requests: (after.buckets[i] ?? 0) - (before.buckets[i] ?? 0),
    })),
  });
  expect(answer.sample(v1, start + 600)).not.toHaveProperty('latencyBuckets');
});

test('serveSimulator() has no series before the first request, nor after now', async () => {
  const { simulator, url } = await serveReviews();
  const callers: Subject = { ...v2, reporter: 'source' };
  const subjects = [v1, callers];
  const source = prometheus({ url, timeout: 5 });
  const read = () => source.read({ subjects, interval: 60, firstEnd: start, lastEnd: start + 660 });
  const early = await read();
  expect(early.sample(v1, start)).toMatchObject({
    missing: 'no series for default/reviews-v1 in istio_requests_total',
    idle: true,
  });
  expect(isSample(early.sample(v1, start + 600))).toBe(true);
  expect(isSample(early.sample(v1, start + 660))).toBe(false);
  expect(early.sample(callers, start + 600)).toHaveProperty('missing');
  simulator.route('default', { rate: 0, shares: { 'reviews-v1': 100 } });
  simulator.advance(60);
  expect((await read()).sample(v1, start + 660)).toEqual({ missing: 'no requests', idle: true });
});

test('serveSimulator() answers a seed with the same bytes', async () => {
  const bytes = async (seed: number) => {
    const { url } = await serveReviews(seed);
    const form = { query, start: `${start}`, end: `${start + 600}`, step: '60' };
    const [posted, got] = await Promise.all([
      rangeQuery(url, form).then((response) => response.text()),
      fetch(`${url}/api/v1/query_range?${new URLSearchParams(form)}`).then((response) => response.text()),
    ]);
    expect(got).toBe(posted);
    return posted;
  };
  const first = await bytes(7);
  expect(await bytes(7)).toBe(first);
  expect(await bytes(8)).not.toBe(first);
  expect(first).toMatch(/^\{"status":"success","data":\{"resultType":"matrix","result":\[\{"metric":\{.*"1\d{3}"\]/);
});

test.each([
  { query: 'up' },
  { query: '' },
  { query: query.replace('sum', 'max') },
  { start: 'yesterday' },
  { end: '1' },
  { step: '0' },
  { start: '0', step: '1' },
])('serveSimulator() answers %j with bad_data', async (form) => {
  const { url } = await serveReviews();
  const response = await rangeQuery(url, { query, start: `${start}`, end: `${start + 60}`, step: '60', ...form });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ status: 'error', errorType: 'bad_data', error: expect.any(String) });
});

test('serveSimulator() is ready, and has no other pages', async () => {
  const { url } = await serveReviews();
  expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  expect((await fetch(`${url}/graph`)).status).toBe(404);
});

test('close() ends the server', async () => {
  const server = await serveSimulator(new Simulator({ seed: 1, start }));
  await server.close();
  await expect(fetch(`${server.url}/-/ready`)).rejects.toThrow('fetch failed');
});
