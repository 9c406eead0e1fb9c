import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backendSuite, change, planOf, publish } from './conformance/backend-suite.js';
import { pusher, pushGround } from './grounds.js';
import { type HttpServer, serveRepositories } from './http-server.js';
import { ScratchRepository } from './scratch-repository.js';

let http: HttpServer;

beforeAll(async () => {
  http = await serveRepositories('/');
});
afterAll(() => http.close());

backendSuite('push over http', async (files) => pushGround(files, { url: (server) => http.url + server }));

it.each([
  ['a shallow', ['--depth=1']],
  ['a shallow and sparse', ['--depth=1', '--sparse']],
  ['a clone without contents, sparse', ['--filter=blob:none', '--sparse']],
])('push over http from %s clone, beside changes of a person', async (_, options) => {
  const { server, git, person } = pushGround({ a: '1\n', 'far/x': '1\n', foreign: '1\n' });
  git('config', 'uploadpack.allowFilter', 'true');
  person({ b: '1\n' });
  const scratch = new ScratchRepository();
  // The server is in this process, which may not stop meanwhile.
  const run = (...args: readonly string[]) => promisify(execFile)('git', args, { cwd: scratch.root });
  await run('clone', '--quiet', ...options, http.url + server, 'copy');
  const copy = Object.assign(Object.create(ScratchRepository.prototype), { root: join(scratch.root, 'copy') });
  for (const [key, value] of [
    ['user.name', 'Ada'],
    ['user.email', 'ada@example.test'],
  ] as const)
    copy.git('config', key, value);
  copy.write('foreign', 'mine\n');
  copy.write('new', 'mine\n');
  const backend = pusher(copy, {});
  await publish(backend, [planOf('one', [change('a', '2\n')])]);
  person({ c: '1\n', 'far/x': '2\n' });
  await publish(backend, [planOf('two', [change('a', '3\n'), change('near', '1\n')])]);
  expect(git('log', '--format=%s', '-3', 'main').split('\n')).toEqual([
    'chore(two): do two',
    'feat: theirs',
    'chore(one): do one',
  ]);
  expect(copy.status()).toEqual([' M foreign', '?? new']);
  expect(copy.exists('far/x')).toBe(!options.includes('--sparse'));
  expect(copy.git('rev-parse', 'HEAD')).toBe(git('rev-parse', 'main'));
});
