import { describe, expect, it } from 'vitest';
import { openPost } from '../../src/notify/post.js';
import { hang, Listener, stall, status } from './listener.js';

function send(url: string, { timeout = 20_000, signal = new AbortController().signal } = {}) {
  const headers = { authorization: 'Bearer pl4nted' };
  return openPost({ signal, timeout })({ url: new URL(url), method: 'POST', headers, body: 'news' });
}

describe('openPost()', () => {
  it('sends once to a server that takes it', async () => {
    const server = await Listener.start(status(204));
    expect(await send(`${server.url}/a?b=c`)).toEqual({ text: '' });
    expect(server.heard).toMatchObject([{ method: 'POST', path: '/a?b=c', body: 'news' }]);
  });

  it.each([
    ['a server in trouble', status(500)],
    ['a gateway', status(503, { 'retry-after': '1' })],
    ['a server that is busy', status(429, { 'retry-after': '0' })],
    ['a date that is over', status(429, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })],
  ])('asks %s once more', async (_, trouble) => {
    const server = await Listener.start(trouble, status(200));
    expect(await send(server.url)).toEqual({ text: '' });
    expect(server.heard).toHaveLength(2);
  });

  it.each([
    [500, {}, 2],
    [429, { 'retry-after': '60' }, 1],
    [404, {}, 1],
  ])('gives up on %i with %j after %i', async (code, headers, times) => {
    const server = await Listener.start(status(code, headers, 'no_service\u001b[31m'));
    expect(await send(server.url)).toEqual({ error: `the server answers ${code}: no_service [31m` });
    expect(server.heard).toHaveLength(times);
  });

  it('waits as long as the server asks', async () => {
    const server = await Listener.start(status(429, { 'retry-after': '1' }), status(200));
    const begun = performance.now();
    await send(server.url);
    expect(performance.now() - begun).toBeGreaterThan(950);
  });

  it.each([
    ['says nothing', hang],
    ['does not end', stall],
  ])('gives up on a server that %s', async (_, answer) => {
    const server = await Listener.start(answer);
    expect(await send(server.url, { timeout: 1_000 })).toEqual({ error: 'no answer within 1 s' });
    expect(server.heard).toHaveLength(1);
  });

  it('ends when all ends, also between two tries', async () => {
    for (const answer of [hang, status(503, { 'retry-after': '3' })]) {
      const server = await Listener.start(answer);
      const begun = performance.now();
      expect(await send(server.url, { signal: AbortSignal.timeout(300) })).toEqual({
        error: 'the time for all notifications is over',
      });
      expect(performance.now() - begun).toBeLessThan(2_500);
    }
  });

  it.each([301, 302, 307, 308])('carries nothing to where a %i leads', async (code) => {
    const other = await Listener.start();
    const server = await Listener.start(status(code, { location: `${other.url}/steal` }));
    expect(await send(server.url)).toEqual({ error: `the server answers ${code} and sends us elsewhere` });
    expect(other.heard).toEqual([]);
  });

  it('says why there is no server, without saying where', async () => {
    const server = await Listener.start();
    const { url } = server;
    await server.close();
    expect(await send(`${url}/services/T0/B0`)).toEqual({ error: 'no answer: ECONNREFUSED' });
  });

  it('repeats no page of a gateway', async () => {
    const server = await Listener.start(status(404, {}, '<html>pl4nted</html>'));
    expect(await send(server.url)).toEqual({ error: 'the server answers 404' });
  });
});
