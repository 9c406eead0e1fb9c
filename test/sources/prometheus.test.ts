import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { InternalError } from '../../src/errors.js';
import type { SampleRequest, Subject } from '../../src/release/evaluation.js';
import { parseIstioQuery } from '../../src/sources/parse-istio-query.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { type Received, sendJson, startServer } from './answer-server.js';
import { istioQuery, subjectOf } from './subject-of.js';

const v1 = subjectOf('reviews-v1');
const v2 = subjectOf('reviews-v2', { reporter: 'destination' });
const request: SampleRequest = { subjects: [v1, v2], interval: 60, firstEnd: 600, lastEnd: 720 };

function series({ reporter, namespace, service }: Subject, values: readonly (readonly [number, string])[]) {
  return {
    metric: { reporter, destination_service_namespace: namespace, destination_service_name: service },
    values,
  };
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** The series of a subject's bucket. */
function bucket(le: string, subject: Subject, values: Series['values']): Series {
  return { metric: { ...series(subject, []).metric, le }, values };
}

/** One answer per metric. */
interface Results {
  readonly requests: readonly Series[];
  readonly errors: readonly Series[];
  readonly latency: readonly Series[];
  readonly buckets?: readonly Series[];
}

function serve(results: Results) {
  return startServer(({ form }, response) => {
    const column = parseIstioQuery(form.get('query') ?? '')?.column ?? 'requests';
    const result = column === 'timed' ? [] : (results[column] ?? []);
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
}

test('read() sends one range query per metric for all subjects', async () => {
  const received: Received[] = [];
  const url = await startServer((asked, response) => {
    received.push(asked);
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
  });
  const answer = await prometheus({ url: `${url}/prefix/?dedup=true`, timeout: 5 }).read(request);
  const queries = (['requests', 'errors', 'latency'] as const).map((column) => istioQuery(column, request.subjects));
  expect(answer.queries).toEqual(queries);
  expect(received.map(({ form }) => form.get('query')).toSorted()).toEqual(queries.toSorted());
  for (const { method, url: asked, authorization, form } of received) {
    expect([method, asked, authorization]).toEqual(['POST', '/prefix/api/v1/query_range?dedup=true', undefined]);
    expect(Object.fromEntries(form)).toMatchObject({ start: '600', end: '720', step: '60' });
  }
});

test('read() sends credentials as a header', async () => {
  let authorization: string | undefined;
  const url = await startServer((asked, response) => {
    authorization = asked.authorization;
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
  });
  await prometheus({ url: url.replace('//', '//me:secret@'), timeout: 5 }).read(request);
  expect(authorization).toBe(`Basic ${btoa('me:secret')}`);
});

test('read() gives each subject its own windows', async () => {
  const url = await serve({
    requests: [
      series(v1, [
        [600, '100.2'],
        [660, '90'],
      ]),
      series(v2, [[660, '7']]),
    ],
    errors: [
      series(v1, [
        [600, '1'],
        [660, '0'],
      ]),
      series(v2, [[660, '7']]),
    ],
    latency: [
      series(v1, [
        [600, '2000.5'],
        [660, '1800'],
      ]),
      series(v2, [[660, '21']]),
    ],
  });
  const answer = await prometheus({ url, timeout: 5 }).read(request);
  expect(answer.sample(v1, 600)).toEqual({ requests: 100, errors: 1, latencySum: 2000.5 });
  expect(answer.sample(v1, 660)).toEqual({ requests: 90, errors: 0, latencySum: 1800 });
  expect(answer.sample(v2, 660)).toEqual({ requests: 7, errors: 7, latencySum: 21 });
  expect(answer.sample(v2, 600)).toEqual({
    missing: 'no series for default/reviews-v2 in istio_requests_total',
    idle: true,
  });
});

/** Two subjects with so many requests in the window until 600, and these buckets. */
async function readBuckets(requests: string, buckets: readonly Series[], bucketsOf: readonly Subject[] = [v1]) {
  const all = [v1, v2].map((subject) => series(subject, [[600, requests]]));
  const url = await serve({ requests: all, errors: all, latency: all, buckets });
  return prometheus({ url, timeout: 5 }).read({ ...request, bucketsOf });
}

test('read() asks for buckets in one query more, of whoever they are wanted of', async () => {
  const answer = await readBuckets('10', [
    bucket('250', v1, [[600, '9']]),
    bucket('+Inf', v1, [[600, '10']]),
    bucket('100', v1, [[600, '5']]),
  ]);
  expect(answer.queries).toHaveLength(4);
  expect(answer.queries[3]).toBe(istioQuery('buckets', [v1]));
  const sample = { requests: 10, errors: 10, latencySum: 10 };
  const latencyBuckets = [
    { upTo: 100, requests: 5 },
    { upTo: 250, requests: 9 },
  ];
  expect(answer.sample(v1, 600)).toEqual({ ...sample, latencyBuckets });
  expect(answer.sample(v2, 600)).toEqual(sample);
});

test('read() asks for buckets in parts where one answer would be too large', async () => {
  const subjects = Array.from({ length: 14 }, (_, i) => subjectOf(`reviews-v${i}`));
  const url = await startServer(({ form }, response) => {
    const query = parseIstioQuery(form.get('query') ?? '');
    const named = subjects.filter(({ service }) => query?.selection.names.destination_service_name?.includes(service));
    const values = [[600, '10']] as const;
    const result = named.map((subject) =>
      query?.column === 'buckets' ? bucket('+Inf', subject, values) : series(subject, values),
    );
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
  const asked = { subjects, bucketsOf: subjects, interval: 60, firstEnd: 600, lastEnd: 600 + 60 * 9_999 };
  const answer = await prometheus({ url, timeout: 5 }).read(asked);
  expect(answer.queries.slice(3)).toEqual(
    [subjects.slice(0, 6), subjects.slice(6, 12), subjects.slice(12)].map((part) => istioQuery('buckets', part)),
  );
  for (const subject of subjects) expect(answer.sample(subject, 600)).toHaveProperty('latencyBuckets');
});

test('read() asks as many queries for 1,000 releases as docs/metrics.md says', async () => {
  const url = await startServer((_, response) => {
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
  });
  const subjects = Array.from({ length: 2_000 }, (_, i) => subjectOf(`reviews-v${i}`));
  const asked = { subjects, bucketsOf: subjects, gaugesOf: { 'available-replicas': subjects } };
  const answer = await prometheus({ url, timeout: 20 }).read({ ...asked, interval: 60, firstEnd: 600, lastEnd: 4_140 });
  expect(answer.queries).toHaveLength(6);
  const said =
    '1,000 releases of two versions with an hour of minutes and all of these metrics take six queries with `istio`';
  expect(readFileSync('docs/metrics.md', 'utf8')).toContain(said);
});

test('read() adds up a bound that is written in two ways', async () => {
  const answer = await readBuckets('10', [
    bucket('100', v1, [[600, '5']]),
    bucket('100.0', v1, [[600, '2']]),
    bucket('+Inf', v1, [[600, '10']]),
  ]);
  expect(answer.sample(v1, 600)).toMatchObject({ latencyBuckets: [{ upTo: 100, requests: 7 }] });
});

test('read() says that there are no buckets, and of which window', async () => {
  const answer = await readBuckets('10', [bucket('+Inf', v1, [[660, '10']])]);
  expect(answer.sample(v1, 600)).toEqual({
    missing: 'no series for default/reviews-v1 in istio_request_duration_milliseconds_bucket',
  });
});

test.each([
  ['source/duplicate-series', [bucket('100', v1, [[600, '5']]), bucket('100', v1, [[600, '5']])]],
  ['source/bucket-bound', [bucket('slow', v1, [[600, '5']])]],
  ['source/bucket-bound', [series(v1, [[600, '5']])]],
])('read() refuses buckets: %s', async (code, buckets) => {
  await expect(readBuckets('10', buckets)).rejects.toMatchObject({ name: 'SourceError', code });
});

test('read() does not take the other reporter of a service for the one asked for', async () => {
  const all = [
    series({ ...v1, reporter: 'destination' }, [[600, '5']]),
    series({ ...v1, namespace: 'x' }, [[600, '5']]),
  ];
  const url = await serve({ requests: all, errors: all, latency: all });
  const answer = await prometheus({ url, timeout: 5 }).read(request);
  expect(answer.sample(v1, 600)).toEqual({
    missing: 'no series for default/reviews-v1 in istio_requests_total',
    idle: true,
  });
});

test('read() says which metric is missing beside requests', async () => {
  const some = [series(v1, [[600, '5']])];
  const noErrors = await prometheus({ url: await serve({ requests: some, errors: [], latency: some }), timeout: 5 });
  const noLatency = await prometheus({ url: await serve({ requests: some, errors: some, latency: [] }), timeout: 5 });
  expect((await noErrors.read(request)).sample(v1, 600)).toEqual({
    missing: 'no series for default/reviews-v1 in istio_requests_total{response_code=~"5.."}',
  });
  expect((await noLatency.read(request)).sample(v1, 600)).toEqual({
    missing: 'no series for default/reviews-v1 in istio_request_duration_milliseconds_sum',
  });
});

test('read() returns warnings and infos once, as Prometheus words them', async () => {
  const url = await startServer((_, response) => {
    const data = { resultType: 'matrix', result: [], stats: {} };
    sendJson(response, { status: 'success', data, warnings: ['partial response'], infos: ['no counter?'], more: 1 });
  });
  const { warnings } = await prometheus({ url, timeout: 5 }).read(request);
  expect(warnings).toEqual(['partial response', 'no counter?']);
});

test('read() refuses two series for one subject', async () => {
  const url = await serve({ requests: [series(v1, [[600, '5']]), series(v1, [[660, '5']])], errors: [], latency: [] });
  await expect(prometheus({ url, timeout: 5 }).read(request)).rejects.toMatchObject({
    name: 'SourceError',
    code: 'source/duplicate-series',
  });
});

test('read() asks for more than 11,000 windows in parts', async () => {
  let asked = 0;
  const url = await startServer((_, response) => {
    asked += 1;
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
  });
  const source = prometheus({ url, timeout: 5 });
  await source.read({ ...request, firstEnd: 60, lastEnd: 11_000 * 60 });
  expect(asked).toBe(3);
  await source.read({ ...request, firstEnd: 60, lastEnd: 11_001 * 60 });
  expect(asked).toBe(9);
});

test('read() asks nothing when there is nothing to ask', async () => {
  const source = prometheus({ url: 'http://127.0.0.1:9', timeout: 5 });
  expect((await source.read({ ...request, subjects: [] })).queries).toEqual([]);
  expect((await source.read({ ...request, firstEnd: 720, lastEnd: 660 })).queries).toEqual([]);
});

test('sample() refuses what was not asked for', async () => {
  const url = await serve({ requests: [], errors: [], latency: [] });
  const answer = await prometheus({ url, timeout: 5 }).read(request);
  expect(() => answer.sample({ ...v1, service: 'reviews-v3' }, 600)).toThrow(InternalError);
  expect(() => answer.sample(v1, 540)).toThrow(InternalError);
  expect(() => answer.sample(v1, 601)).toThrow(InternalError);
});
