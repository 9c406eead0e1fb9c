import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { SourceError } from '../../src/errors.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { sendJson, startServer } from './answer-server.js';
import { subjectOf } from './subject-of.js';

const subjects = [subjectOf('reviews-v1')];
const request = { subjects, interval: 60, firstEnd: 600, lastEnd: 660 };

/** Returns the error that a read at this URL ends with; it must be a SourceError with a hint. */
async function failureOf(url: string, options: { timeout?: number; fetch?: typeof fetch } = {}): Promise<SourceError> {
  const error: unknown = await prometheus({ url, timeout: 5, ...options })
    .read(request)
    .catch((reason: unknown) => reason);
  if (!(error instanceof SourceError)) throw new TypeError(`no SourceError: ${inspect(error)}`);
  expect(error.hint).toMatch(/^[A-Z].*\.$/);
  expect(error.message).toMatch(/^Cannot .*[^.]$/);
  expect(error.path).toMatch(/\/api\/v1\/query_range(\?\*\*\*)?$/);
  return error;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('read() says that nothing listens', async () => {
  const port = await closedPort();
  const error = await failureOf(`http://127.0.0.1:${port}`);
  expect(error).toMatchObject({
    code: 'source/unreachable',
    message: `Cannot reach the metrics source: connect ECONNREFUSED 127.0.0.1:${port}`,
    path: `http://127.0.0.1:${port}/api/v1/query_range`,
    hint: 'Start Prometheus, or correct metrics.url in sluice.yaml.',
  });
});

test('read() says that the server hung up', async () => {
  const url = await startServer((_, response) => {
    response.destroy();
  });
  expect(await failureOf(url)).toMatchObject({ code: 'source/unreachable' });
});

test('read() says that the answer broke off', async () => {
  const url = await startServer((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"status":', () => response.destroy());
  });
  expect(await failureOf(url)).toMatchObject({ code: 'source/unreachable' });
});

test('read() says that TLS failed', async () => {
  const url = await startServer((_, response) => sendJson(response, {}));
  expect(await failureOf(url.replace('http:', 'https:'))).toMatchObject({ code: 'source/tls' });
});

// No name is looked up and no certificate is made in a test: these are the errors of Node's own fetch, word for word.
test.each([
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND prometheus.invalid', 'source/unknown-host'],
  ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN prometheus.invalid', 'source/unknown-host'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'source/tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate', 'source/tls'],
  ['ETIMEDOUT', '', 'source/unreachable'],
])('read() tells %s by its code', async (code, words, expected) => {
  const cause = Object.assign(new Error(words), { code });
  const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
  const error = await failureOf('https://prometheus.invalid', { fetch });
  expect(error).toMatchObject({
    code: expected,
    cause,
    message: `Cannot reach the metrics source: ${words || code}`,
  });
});

test.each(['headers', 'body'])('read() gives up when the %s takes too long', async (part) => {
  const url = await startServer((_, response) => {
    if (part === 'body') response.writeHead(200).write('{');
  });
  const started = performance.now();
  expect(await failureOf(url, { timeout: 0.2 })).toMatchObject({ code: 'source/timeout' });
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('read() gives up with its own words when fetch puts the abort in others', async () => {
  const fetch: typeof globalThis.fetch = (_, init) =>
    new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('terminated')));
    });
  expect(await failureOf('http://127.0.0.1:9', { timeout: 0.05, fetch })).toMatchObject({ code: 'source/timeout' });
});

test('read() keeps the words of Prometheus', async () => {
  const body = { status: 'error', errorType: 'execution', error: 'query processing would load too many samples' };
  const url = await startServer((_, response) => sendJson(response, body, 422));
  expect(await failureOf(url)).toMatchObject({
    code: 'source/query-failed',
    message: 'Cannot query Prometheus: execution: query processing would load too many samples',
  });
});

test.each([
  [401, /credentials/],
  [404, /path prefix/],
  [502, /Start Prometheus/],
])('read() hints at what status %i means', async (status, hint) => {
  const url = await startServer((_, response) => {
    response.writeHead(status).end('no \u001b[31mway\n');
  });
  const error = await failureOf(url);
  expect(error.code).toBe('source/http-status');
  expect(error.message).toBe(`Cannot read the answer of Prometheus as one with status 200: ${status} no [31mway`);
  expect(error.hint).toMatch(hint);
});

test('read() refuses a login page', async () => {
  const url = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>\n<title>Log in</title>');
  });
  expect(await failureOf(url)).toMatchObject({
    code: 'source/not-json',
    message: 'Cannot read the answer of Prometheus as JSON: text/html <!doctype html> <title>Log in</title>',
  });
});

test.each([
  [{ status: 'success' }, 'data'],
  [{ status: 'success', data: { resultType: 'vector', result: [] } }, 'data.resultType'],
  [{ status: 'success', data: { resultType: 'matrix', result: [{ metric: {} }] } }, 'data.result.0.values'],
  [{ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values: [[1, 2]] }] } }, 'values.0.1'],
  [{ status: 'done' }, 'status'],
  [[], ''],
  [null, ''],
])('read() refuses %j as no answer of Prometheus', async (body, where) => {
  const url = await startServer((_, response) => sendJson(response, body));
  const error = await failureOf(url);
  expect(error.code).toBe('source/unexpected-shape');
  expect(error.message).toContain(`${where}: `);
});

test('read() refuses more than 64 MiB, also when they come compressed', async () => {
  const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '));
  const url = await startServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  expect(await failureOf(url)).toMatchObject({ code: 'source/too-large' });
});

test.each(['', 'you:other@'])(
  'read() follows a redirect within the origin (%j) with its form and credentials',
  async (user) => {
    const url: string = await startServer(({ url: asked, form, authorization }, response) => {
      const location = `${url.replace('//', `//${user}`)}/new${asked}`;
      if (!asked.startsWith('/new')) return void response.writeHead(302, { location }).end();
      const whole = form.has('query') && authorization === `Basic ${btoa('me:secret')}`;
      sendJson(response, { status: whole ? 'success' : 'lost', data: { resultType: 'matrix', result: [] } });
    });
    const source = prometheus({ url: url.replace('//', '//me:secret@'), timeout: 5 });
    expect((await source.read(request)).queries).toHaveLength(3);
  },
);

test('read() goes to no other origin', async () => {
  let visits = 0;
  const other = await startServer((_, response) => {
    visits += 1;
    sendJson(response, {});
  });
  const url = await startServer((_, response) => {
    response.writeHead(307, { location: `${other}/login?back=secret` }).end();
  });
  const error = await failureOf(url.replace('//', '//me:secret@'));
  expect(error.code).toBe('source/redirect');
  expect(error.message).toBe(`Cannot follow a redirect to another origin: ${other}/login`);
  expect(visits).toBe(0);
});

test('read() does not go round in circles', async () => {
  const url = await startServer(({ url: asked }, response) => {
    response.writeHead(308, { location: asked }).end();
  });
  expect(await failureOf(url)).toMatchObject({ code: 'source/redirect' });
});

test('read() shows no secret in any error', async () => {
  const echo = 'hunter2 hunter%32 tok3n bWU6aHVudGVyMg==';
  const answers = [
    { status: 200, body: `<p>${echo}</p>` },
    { status: 500, body: echo },
    { status: 400, body: JSON.stringify({ status: 'error', errorType: 'bad_data', error: echo }) },
    { status: 302, location: '/elsewhere?x=tok3n', body: '' },
    { status: 302, location: 'http://me:hunter2@127.0.0.1:1/hunter2?tok3n', body: '' },
    { status: 302, location: 'http://[tok3n', body: '' },
  ];
  for (const { status, body, location } of answers) {
    const url = await startServer((_, response) => {
      response.writeHead(status, location === undefined ? {} : { location }).end(body);
    });
    const error = await failureOf(`${url.replace('//', '//me:hunter2@')}/?token=tok3n`);
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/hunter2|tok3n|bWU6aHVudGVyMg/);
    expect(error.path).toMatch(/^http:\/\/\*\*\*@127\.0\.0\.1:\d+\/api\/v1\/query_range\?\*\*\*$/);
  }
  const refused = await failureOf(`http://me:hunter2@127.0.0.1:${await closedPort()}/?token=tok3n`);
  expect(inspect(refused, { depth: null, showHidden: true })).not.toMatch(/hunter2|tok3n|bWU6aHVudGVyMg/);
});
