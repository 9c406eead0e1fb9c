import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { ask } from '../../src/sources/ask.js';
import { endpoint } from '../../src/sources/endpoint.js';
import { withTimeLimit } from '../../src/sources/time-limit.js';
import { startServer } from './answer-server.js';

/** Asks a server that answers each try by its number, from 1; returns the last answer, or its error, and the tries. */
async function asked(answer: (nth: number, response: ServerResponse) => void, random = () => 0) {
  let tries = 0;
  const url = await startServer((_, response) => {
    tries += 1;
    answer(tries, response);
  });
  const target = endpoint(url, '/q');
  const started = performance.now();
  const outcome = await withTimeLimit(target, 20, (limit) =>
    ask(target, { method: 'POST', body: 'x' }, { fetch, limit, random }),
  ).catch((error: unknown) => error);
  return { outcome, tries, took: performance.now() - started };
}

test.each([429, 502, 503, 504])('ask() asks again after %i', async (status) => {
  const { outcome, tries } = await asked((nth, response) => {
    response.writeHead(nth < 3 ? status : 200).end('there');
  });
  expect([outcome, tries]).toEqual([expect.objectContaining({ status: 200, text: 'there' }), 3]);
});

test.each([400, 401, 404, 422, 500, 501])('ask() takes %i for an answer', async (status) => {
  const { outcome, tries } = await asked((_, response) => void response.writeHead(status).end());
  expect([outcome, tries]).toEqual([expect.objectContaining({ status }), 1]);
});

test('ask() asks again where the connection broke, also in the middle of an answer', async () => {
  const { outcome, tries } = await asked((nth, response) => {
    if (nth === 1) return void response.destroy();
    if (nth > 2) return void response.end('there');
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{', () => response.destroy());
  });
  expect([outcome, tries]).toEqual([expect.objectContaining({ text: 'there' }), 3]);
});

test('ask() gives up after four tries, with what came of the last', async () => {
  const busy = await asked((nth, response) => void response.writeHead(503).end(`${nth}`));
  expect([busy.outcome, busy.tries]).toEqual([expect.objectContaining({ status: 503, text: '4' }), 4]);
  const broken = await asked((_, response) => void response.destroy());
  expect([broken.outcome, broken.tries]).toEqual([expect.objectContaining({ code: 'source/unreachable' }), 4]);
});

test('ask() waits as long as the server says', async () => {
  const { took, tries } = await asked((nth, response) => {
    response.writeHead(nth === 1 ? 429 : 200, { 'retry-after': '1' }).end();
  });
  expect(tries).toBe(2);
  expect(took).toBeGreaterThanOrEqual(990);
});

test('ask() waits for nobody who wants more than the time there is', async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  for (const retryAfter of ['3600', date]) {
    const { outcome, took, tries } = await asked(
      (_, response) => void response.writeHead(503, { 'retry-after': retryAfter }).end(),
    );
    expect([outcome, tries]).toEqual([expect.objectContaining({ status: 503 }), 1]);
    expect(took).toBeLessThan(15_000);
  }
});

test('ask() takes its last answer rather than run out of time', async () => {
  // A wait of 200 s, far beyond the limit: with one of 150 ms the answer itself came too late on a busy machine.
  const late = await asked(
    (_, response) => void response.writeHead(503).end(),
    () => 1_000,
  );
  expect([late.outcome, late.tries]).toEqual([expect.objectContaining({ status: 503 }), 1]);
});
