import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SampleRequest } from '../../src/release/evaluation.js';
import { queryOf } from '../../src/sources/http-json/read-questions.js';
import { fillBody, fillUrl } from '../../src/sources/http-json/request-template.js';
import { openSource } from '../../src/sources/registry.js';
import { valuesOf } from '../../src/sources/variables.js';
import { loadProject } from '../../src/values/project.js';
import { type Received, sendJson, startServer } from './answer-server.js';
import { subjectOf } from './subject-of.js';

const v1 = subjectOf('reviews-v1');
const v2 = subjectOf('reviews-v2');
const request: SampleRequest = { subjects: [v1, v2], interval: 60, firstEnd: 600, lastEnd: 660 };

const plain = 'traffic: {requests: total, errors: bad, latencySum: total * mean}';

/** Starts a server, and returns the source that asks it with these settings beside its URL and its path. */
async function sourceWith(
  settings: string,
  answer: (received: Received, response: ServerResponse) => void,
  path = '/v1/{{namespace}}?service={{service}}&from={{start}}&to={{end}}',
) {
  const received: Received[] = [];
  const origin = await startServer((asked, response) => {
    received.push(asked);
    answer(asked, response);
  });
  const text = `metrics:\n  source: http-json\n  url: '${origin}${path}'\n  timeout: 5s\n${settings.replaceAll('ORIGIN', origin).replace(/^/gm, '  ')}\n`;
  const { metrics } = loadProject(text, 'sluice.yaml');
  if (metrics === undefined) throw new Error('no metrics');
  return { source: openSource(metrics, { root: '/', env: { KEY: 'pl4nted-key' } }), received };
}

test('http-json asks once for each version and window, and finds every figure in the answer', async () => {
  const { source, received } = await sourceWith(plain, ({ url }, response) => {
    const isFirst = url.includes('to=600');
    sendJson(response, { total: url.includes('reviews-v1') ? 10 : 20, bad: isFirst ? 1 : 0, mean: 2.5 });
  });
  const answer = await source.read(request);
  expect(received.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
    'GET /v1/default?service=reviews-v1&from=540&to=600',
    'GET /v1/default?service=reviews-v1&from=600&to=660',
    'GET /v1/default?service=reviews-v2&from=540&to=600',
    'GET /v1/default?service=reviews-v2&from=600&to=660',
  ]);
  expect(answer.sample(v1, 600)).toEqual({ requests: 10, errors: 1, latencySum: 25 });
  expect(answer.sample(v2, 660)).toEqual({ requests: 20, errors: 0, latencySum: 50 });
  expect(answer.queries).toHaveLength(3);
});

test('http-json asks once for all windows of a version where the answer is a list', async () => {
  const settings = `windows: all
traffic:
  requests: 'points.{"end": t, "value": n}'
  errors: 'points.{"end": t, "value": bad}'
  latencySum: 'points[t = 600].{"end": t, "value": ms}'`;
  const { source, received } = await sourceWith(settings, (_, response) => {
    sendJson(response, {
      points: [
        { t: 600, n: 5, bad: 0, ms: 50 },
        { t: 660, n: 7, bad: null, ms: 70 },
      ],
    });
  });
  const answer = await source.read(request);
  expect(received.map(({ url }) => url).sort()).toEqual([
    '/v1/default?service=reviews-v1&from=540&to=660',
    '/v1/default?service=reviews-v2&from=540&to=660',
  ]);
  expect(answer.sample(v1, 600)).toEqual({ requests: 5, errors: 0, latencySum: 50 });
  expect(answer.sample(v1, 660)).toEqual({ missing: 'no value in metrics.traffic.errors for reviews-v1' });
});

test('http-json sends a body, headers and credentials', async () => {
  const settings = `method: POST
body: '{"q": "service:{{service}}", "range": [{{start}}, {{end}}]}'
headers: {X-Api-Key: {env: KEY}, X-Scope: shop}
auth: {bearer: {env: KEY}}
${plain}`;
  const { source, received } = await sourceWith(settings, (_, response) =>
    sendJson(response, { total: 1, bad: 0, mean: 1 }),
  );
  await source.read({ ...request, subjects: [v1], lastEnd: 600 });
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ method: 'POST', authorization: 'Bearer pl4nted-key' });
  expect([...(received[0]?.form.keys() ?? [])]).toEqual(['{"q": "service:reviews-v1", "range": [540, 600]}']);
});

test('http-json has metrics of one\u2019s own, each with a request of its own where it wants one', async () => {
  const settings = `${plain}
custom:
  heap: {value: 'heap.used - $interval', unit: bytes}
  queue: {value: '$number(depth)', url: 'ORIGIN/queue?of={{workload}}'}`;
  const { source, received } = await sourceWith(settings, ({ url }, response) => {
    sendJson(response, url.startsWith('/queue') ? { depth: '7' } : { total: 4, bad: 0, mean: 1, heap: { used: 100 } });
  });
  const gaugesOf = { heap: [v1], queue: [v1], 'request-rate': [v2] };
  const answer = await source.read({ ...request, lastEnd: 600, gaugesOf });
  expect(answer.sample(v1, 600)).toMatchObject({ gauges: { heap: 40, queue: 7 } });
  expect(answer.sample(v2, 600)).toMatchObject({ gauges: { 'request-rate': 4 / 60 } });
  expect(received.map(({ url }) => url)).toContain('/queue?of=reviews-v1');
});

test.each([
  ['$string(total)', { missing: 'metrics.traffic.requests is a text in place of a number' }],
  ['[total, total]', { missing: 'metrics.traffic.requests is a list in place of a number' }],
  ['nothing', { missing: 'no value in metrics.traffic.requests for reviews-v1', idle: true }],
  ['total - 10', { missing: '-9 for requests' }],
  ['0', { missing: 'no requests', idle: true }],
])('http-json takes %s for no sample', async (requests, sample) => {
  const settings = `traffic: {requests: '${requests}', errors: bad, latencySum: '0'}`;
  const { source } = await sourceWith(settings, (_, response) => sendJson(response, { total: 1, bad: 0 }));
  expect((await source.read(request)).sample(v1, 600)).toEqual(sample);
});

test('http-json warns where no value ends a window', async () => {
  const list = `'[{"end": 570, "value": 1}]'`;
  const settings = `windows: all\ntraffic: {requests: ${list}, errors: '5', latencySum: ${list}}`;
  const { source } = await sourceWith(settings, (_, response) => sendJson(response, {}));
  const { warnings } = await source.read({ ...request, subjects: [v1] });
  expect(warnings).toEqual([
    'metrics.traffic.requests of reviews-v1: none of its 1 values ends a window (Unix seconds, multiples of 60)',
    'metrics.traffic.errors of reviews-v1 is a number in place of {end, value}',
    'metrics.traffic.latencySum of reviews-v1: none of its 1 values ends a window (Unix seconds, multiples of 60)',
  ]);
});

test('http-json has no percentiles', async () => {
  const { source } = await sourceWith(plain, (_, response) => sendJson(response, { total: 1, bad: 0, mean: 1 }));
  expect((await source.read({ ...request, bucketsOf: [v1] })).sample(v1, 600)).toHaveProperty('missing');
});

test.each([
  ['( $f := function($n) { $f($n + 1) + 1 }; $f(0) )', 'goes deeper than 500'],
  ['( $f := function() { $f() }; $f() )', 'takes longer than 1 s'],
  ['$sum([1..1000000])', 'makes more than 100000 values'],
  ['$match("aaaa", /(a+)+$/)', 'regular expressions are not taken'],
  ['$error("no")', 'no'],
])('http-json ends %s', { timeout: 30_000 }, async (requests, words) => {
  const settings = `traffic:\n  requests: '${requests}'\n  errors: bad\n  latencySum: '0'`;
  const { source } = await sourceWith(settings, (_, response) => sendJson(response, { total: 1, bad: 0 }));
  const error = await source.read(request).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'SourceError', code: 'source/expression', hint: expect.any(String) });
  expect((error as Error).message).toContain(words);
});

test('http-json says that an expression is none, and where', async () => {
  const { source } = await sourceWith(plain.replace('bad', "'bad['"), (_, response) => sendJson(response, {}));
  await expect(source.read(request)).rejects.toMatchObject({
    name: 'ConfigError',
    code: 'source/bad-expression',
    message: expect.stringMatching(/^Cannot read metrics\.traffic\.errors as a JSONata expression: .* at position \d/),
  });
});

test('http-json asks at most 500 times for one read', async () => {
  const { source, received } = await sourceWith(plain, (_, response) => sendJson(response, {}));
  await expect(source.read({ ...request, lastEnd: 600 + 60 * 250 })).rejects.toMatchObject({
    code: 'source/too-many-requests',
    hint: expect.stringContaining('metrics.windows'),
  });
  expect(received).toEqual([]);
});

test.each([
  [500, 'text', 'source/http-status'],
  [200, '<html>', 'source/not-json'],
])('http-json refuses %i %s without a secret', async (status, body, code) => {
  const settings = `headers: {X-Api-Key: {env: KEY}}\n${plain}`;
  const { source } = await sourceWith(settings, ({ url }, response) => {
    response.writeHead(status).end(`${body} pl4nted-key ${url}`);
  });
  const error = await source.read(request).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'SourceError', code });
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('pl4nted-key');
});

test('http-json shows its questions without what may be a key', () => {
  const asked = { key: '', method: 'GET', expression: 'total', contentType: 'application/json' } as const;
  const url = 'https://me:pl4nted@api.example/{{namespace}}?of={{service}}&key=pl4nted&to={{end}}#x';
  expect(queryOf({ ...asked, url, body: undefined })).toBe(
    'GET https://***@api.example/{{namespace}}?of={{service}}&key=***&to={{end}} → total',
  );
  const posted = queryOf({
    ...asked,
    method: 'POST',
    url: 'https://api.example/?pl4nted',
    body: '{"of": "{{service}}"}',
  });
  expect(posted).toBe('POST https://api.example/?*** {"of": "{{service}}"} → total');
});

const hostile = fc.string({ unit: 'binary' }).filter((name) => !/\p{Cs}/u.test(name));

test('fillUrl() lets no name end its part of the URL', () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const values = valuesOf(subjectOf(name), request);
      const url = new URL(fillUrl('http://h/a/x{{service}}/b?q={{service}}&r={{end}}', values));
      expect(url.searchParams.get('q')).toBe(name);
      expect([...url.searchParams.keys()]).toEqual(['q', 'r']);
      expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', `x${name}`, 'b']);
    }),
  );
});

test('fillBody() lets no name end its string or its field', () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const values = valuesOf(subjectOf(name), request);
      const json = fillBody('{"q": "a {{service}} b", "to": {{end}}}', values, 'application/json');
      expect(JSON.parse(json)).toEqual({ q: `a ${name} b`, to: 660 });
      const form = fillBody('q={{service}}&to={{end}}', values, 'application/x-www-form-urlencoded');
      expect([...new URLSearchParams(form)]).toEqual([
        ['q', name],
        ['to', '660'],
      ]);
    }),
  );
});
