import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../is-alive.js';
import { Clone } from './clone.js';
import { type Access, GitHttpServer } from './http-backend.js';

const undo: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

async function started(access?: Access): Promise<GitHttpServer> {
  const server = await GitHttpServer.start(access);
  undo.push(() => server.stop());
  return server;
}

async function cloned(url: string): Promise<Clone> {
  const clone = await Clone.of(url);
  undo.push(() => clone.remove());
  return clone;
}

/** A server with one commit, the clone of the person who pushed it, and the first commit. */
async function served() {
  const server = await started();
  const ada = await cloned(server.url);
  const first = await ada.commit('a.txt', 'one\n');
  await ada.git('push', '--quiet', 'origin', 'main');
  return { server, ada, first };
}

const push = ['push', '--quiet', 'origin', 'main'] as const;

describe('GitHttpServer', () => {
  test('takes a push, and gives it to the next clone', async () => {
    const { server, first } = await served();
    const bob = await cloned(server.url);
    expect(server.tip()).toBe(first);
    expect(await bob.git('rev-parse', 'HEAD')).toBe(first);
    expect(server.asked.map(({ service, status }) => `${service} ${status}`)).toContain('push 200');
  });

  test('takes a push larger than what git sends in one piece', async () => {
    const { server, ada } = await served();
    const large = Array.from({ length: 200_000 }, (_, index) => `${(index * 7919) % 104_729} `).join('');
    const second = await ada.commit('large.txt', large);
    await ada.git('-c', 'http.postBuffer=4096', ...push);
    expect(server.tip()).toBe(second);
  });

  test.each([
    ['a password', { user: 'ada', password: 'right' }, `Basic ${Buffer.from('ada:right').toString('base64')}`],
    ['a token', { token: 'right' }, 'Bearer right'],
  ])('asks for %s', async (_, access, header) => {
    const server = await started(access);
    const ada = await cloned(server.url).catch((error: Error) => error.message);
    expect(ada).toContain('could not read Username');
    const allowed = await Clone.of(server.repository);
    undo.push(() => allowed.remove());
    const commit = await allowed.commit('a.txt', 'one\n');
    const withHeader = (value: string) => [
      '-c',
      `http.extraHeader=Authorization: ${value}`,
      'push',
      server.url,
      'main',
    ];
    expect((await allowed.tryGit(...withHeader('Bearer wrong'))).code).not.toBe(0);
    await allowed.git(...withHeader(header));
    expect(server.tip()).toBe(commit);
  });

  test.each([
    ['refuse', '403'],
    ['unavailable', '503'],
  ] as const)('%s answers %s, as often as told', async (behaviour, status) => {
    const { server, ada, first } = await served();
    const second = await ada.commit('a.txt', 'two\n');
    server.behave(behaviour, { of: 'push', times: 1 });
    await ada.git('fetch', '--quiet', 'origin');
    const { code, stderr } = await ada.tryGit(...push);
    expect([code, stderr]).toEqual([128, expect.stringContaining(status)]);
    expect(server.tip()).toBe(first);
    await ada.git(...push);
    expect(server.tip()).toBe(second);
  });

  test('hang never answers, until it is stopped', async () => {
    const { server, ada } = await served();
    server.behave('hang');
    const asked = server.asked.length;
    const fetching = ada.tryGit('fetch', '--quiet', 'origin');
    await expect.poll(() => server.asked.length).toBe(asked + 1);
    const first = await Promise.race([fetching, new Promise((resolve) => setTimeout(() => resolve('waits'), 500))]);
    expect(first).toBe('waits');
    await server.stop();
    expect((await fetching).code).toBe(128);
  });

  test('die-after-accepting holds the push, and the person hears nothing of it', async () => {
    const { server, ada } = await served();
    const second = await ada.commit('a.txt', 'two\n');
    server.behave('die-after-accepting');
    expect((await ada.tryGit(...push)).code).not.toBe(0);
    expect(server.tip()).toBe(second);
    expect(server.asked.at(-1)).toMatchObject({ method: 'POST', service: 'push', status: undefined });
  });

  test('stale shows the refs of the switch, while a push goes to the real ones', async () => {
    const { server, ada, first } = await served();
    const bob = await cloned(server.url);
    server.behave('stale');
    const second = await ada.commit('a.txt', 'two\n');
    await ada.git(...push);
    await bob.git('fetch', '--quiet', 'origin');
    expect(await bob.git('rev-parse', 'origin/main')).toBe(first);
    await bob.commit('b.txt', 'of Bob\n');
    const { code, stderr } = await bob.tryGit(...push);
    expect([code, stderr]).toEqual([1, expect.stringContaining('remote rejected')]);
    expect(server.tip()).toBe(second);
    server.behave('serve');
    await bob.git('fetch', '--quiet', 'origin');
    expect(await bob.git('rev-parse', 'origin/main')).toBe(second);
  });

  test('hook() can refuse a push with words', async () => {
    const { server, ada, first } = await served();
    server.hook('pre-receive', 'echo "main is frozen" >&2; exit 1');
    await ada.commit('a.txt', 'two\n');
    expect((await ada.tryGit(...push)).stderr).toContain('remote: main is frozen');
    expect(server.tip()).toBe(first);
  });

  test('stop() ends a push that is under way, and its hook', async () => {
    const { server, ada } = await served();
    const file = join(server.repository, 'pid');
    server.hook('pre-receive', `echo $$ > '${file}.new'; mv '${file}.new' '${file}'; exec sleep 3600`);
    await ada.commit('a.txt', 'two\n');
    const pushing = ada.tryGit(...push);
    await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true);
    const pid = Number(readFileSync(file, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    await server.stop();
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect((await pushing).code).not.toBe(0);
    expect(existsSync(server.repository)).toBe(false);
  });
});
