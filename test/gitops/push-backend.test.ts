import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backendSuite, change, planOf, publish, signingSuite } from './conformance/backend-suite.js';
import { cloneOf, type PushGround, pusher, pushGround } from './grounds.js';
import { answer, type HttpServer, serveRepositories } from './http-server.js';

backendSuite('push over file', async (files) => pushGround(files));
signingSuite('push over file', async (files) => pushGround(files));

const plan = planOf('one', [change('a', '2\n')]);
const servers: HttpServer[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) await server.close();
});

describe('push alone', () => {
  it('pushes all commits at once, and never by force', async () => {
    const { backend, server, git } = pushGround({ a: '1\n' });
    serverHook(server, 'pre-receive', 'cat >> pushes; echo >> pushes');
    await publish(backend, [plan, planOf('two', [change('a', '3\n')])]);
    const pushes = execFileSync('cat', [join(server, 'pushes')], { encoding: 'utf8' });
    expect(pushes.trim().split('\n')).toHaveLength(1);
    expect(git('rev-list', '--count', 'main')).toBe('3');
  });

  it('lets one of two win that decide the same in the same second, and only one takes the commit for its own', async () => {
    const { backend, another, git } = pushGround({ a: '1\n' });
    vi.stubEnv('GIT_AUTHOR_DATE', '@1700000000 +0000');
    vi.stubEnv('GIT_COMMITTER_DATE', '@1700000000 +0000');
    const other = another().backend;
    const [first, second] = [await backend.sync(), await other.sync()];
    const published = await backend.publish(first, [plan]);
    expect(published).toMatchObject({ kind: 'published', head: git('rev-parse', 'main') });
    expect(await other.publish(second, [plan])).toMatchObject({ kind: 'moved' });
    vi.unstubAllEnvs();
    expect(await publish(other, [plan])).toMatchObject({ commits: [undefined] });
  });

  it('removes the lock that a killed fetch left on what is known of the server, and no new one', async () => {
    const { backend, another, copy } = pushGround({ a: '1\n' });
    await publish(another().backend, [plan]);
    const lock = join(copy.root, '.git/refs/remotes/origin/main.lock');
    writeFileSync(lock, '');
    await expect(backend.sync()).rejects.toThrow(/main\.lock/);
    const old = new Date(Date.now() - 10_000);
    utimesSync(lock, old, old);
    expect((await backend.sync()).head).toBe(copy.git('rev-parse', 'origin/main'));
    expect(existsSync(lock)).toBe(false);
  });

  it('says what a hook of the server said, and changes nothing here', async () => {
    const { backend, copy, server, git } = pushGround({ a: '1\n' });
    serverHook(server, 'pre-receive', 'echo "not on fridays" >&2; exit 1');
    await expect(publish(backend, [plan])).rejects.toMatchObject({
      code: 'git/refused',
      message: expect.stringContaining('not on fridays'),
      hint: expect.stringContaining('A hook or a setting of the server'),
    });
    assertUntouched(copy, git);
  });

  it.each([
    ['is full', 'echo "error: No space left on device" >&2; exit 1', 'Make room'],
    ['protects the branch', 'echo "GH006: Protected branch update failed" >&2; exit 1', 'protected'],
  ])('says what to do where the server %s', async (_, script, hint) => {
    const { backend, copy, server, git } = pushGround({ a: '1\n' });
    serverHook(server, 'update', script);
    await expect(publish(backend, [plan])).rejects.toMatchObject({
      code: 'git/refused',
      hint: expect.stringContaining(hint),
    });
    assertUntouched(copy, git);
  });

  it('is refused, and not told to have moved, where the server cannot write the branch', async () => {
    const { backend, copy, server, git } = pushGround({ a: '1\n' });
    writeFileSync(join(server, 'refs/heads/main.lock'), '');
    await expect(publish(backend, [plan])).rejects.toMatchObject({
      code: 'git/refused',
      message: expect.stringContaining('main.lock'),
    });
    assertUntouched(copy, git);
  });

  it('takes up again after a branch was moved back, and brings nothing back', async () => {
    const { backend, copy, theirs, git, told } = pushGround({ a: '1\n' });
    await publish(backend, [plan]);
    const ours = copy.git('rev-parse', 'HEAD');
    theirs.git('push', '--quiet', '--force', 'origin', 'main');
    await publish(backend, [planOf('two', [change('b', '1\n')])]);
    expect(git('log', '--format=%s', 'main')).toBe('chore(two): do two\nchore: ground');
    expect(copy.read('a')).toBe('1\n');
    expect(told.join('')).toContain(`which is not after ${ours.slice(0, 10)}`);
  });

  it('does not bring back what a person takes away between its look and its push', async () => {
    const { backend, theirs, git } = pushGround({ a: '1\n' });
    await publish(backend, [plan]);
    const repository = await backend.sync();
    theirs.git('push', '--quiet', '--force', 'origin', 'main');
    const result = await backend.publish(repository, [planOf('two', [change('b', '1\n')])]);
    expect(result.kind).toBe('moved');
    expect(git('rev-list', '--count', 'main')).toBe('1');
    // Though it has been seen already where the branch stands, what is gone is no commit of the working copy's own.
    await publish(backend, [planOf('two', [change('b', '1\n')])]);
    expect(git('log', '--format=%s', 'main')).toBe('chore(two): do two\nchore: ground');
  });

  it('follows a branch that was moved back also where a person has fetched that by hand', async () => {
    const { backend, copy, theirs } = pushGround({ a: '1\n' });
    await publish(backend, [plan]);
    theirs.git('push', '--quiet', '--force', 'origin', 'main');
    copy.git('fetch', '--quiet', 'origin');
    expect((await backend.sync()).head).toBe(theirs.git('rev-parse', 'main'));
    expect(copy.read('a')).toBe('1\n');
  });

  it('refuses a working copy with commits of its own', async () => {
    const { backend, copy } = pushGround({ a: '1\n' });
    copy.commit({ mine: '1\n' });
    await expect(backend.sync()).rejects.toMatchObject({
      code: 'git/diverged',
      hint: 'Push them first (git push origin main), also those of an earlier command without --push; or drop them: git reset --keep origin/main',
    });
  });

  it('tells of a way to push them that git takes where the server has other commits', async () => {
    const { backend, copy, theirs } = pushGround({ a: '1\n' });
    copy.commit({ mine: '1\n' });
    theirs.commit({ theirs: '1\n' });
    theirs.git('push', '--quiet', 'origin', 'main');
    const error = await backend.sync().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'git/diverged',
      message: expect.stringContaining('and the server has others'),
    });
    const [, commands = ''] = /\((git pull [^)]+)\)/.exec((error as { readonly hint: string }).hint) ?? [];
    for (const command of commands.split('; ')) copy.git(...command.split(' ').slice(1));
    expect(await backend.sync()).toMatchObject({ head: copy.git('rev-parse', 'HEAD') });
    expect(copy.read('theirs')).toBe('1\n');
  });

  it('refuses another branch than that of the settings, and a remote that is not there', async () => {
    const { copy } = pushGround({ a: '1\n' });
    await expect(pusher(copy, { settings: { branch: 'live' } }).sync()).rejects.toMatchObject({
      code: 'git/other-branch',
      hint: expect.stringContaining('git switch live'),
    });
    await expect(pusher(copy, { settings: { remote: 'upstream' } }).sync()).rejects.toMatchObject({
      hint: expect.stringContaining('git.remote'),
    });
  });

  it('does not overwrite what a person has not committed, and says so', async () => {
    const { backend, copy, person } = pushGround({ a: '1\n', other: '1\n' });
    person({ other: 'theirs\n' });
    copy.write('other', 'mine\n');
    await expect(backend.sync()).rejects.toMatchObject({
      code: 'git/in-the-way',
      hint: expect.stringContaining('stash'),
    });
    expect(copy.read('other')).toBe('mine\n');
    expect(copy.exists('.git/sluice/journal.json')).toBe(false);
  });

  it('works in a shallow and in a sparse clone', async () => {
    const { server, git, person } = pushGround({ a: '1\n', 'far/x': '1\n' });
    person({ b: '1\n' });
    const shallow = cloneOf(server, `file://${server}`);
    execFileSync('sh', ['-c', `rm -rf * .git && git clone -q --depth 1 file://${server} .`], { cwd: shallow.root });
    shallow.git('config', 'user.name', 'Ada');
    shallow.git('config', 'user.email', 'ada@example.test');
    shallow.git('sparse-checkout', 'set', '--no-cone', '/a', '/b');
    const backend = pusher(shallow, {});
    await publish(backend, [plan]);
    person({ c: '1\n', 'far/x': '2\n' });
    await publish(backend, [planOf('two', [change('a', '3\n')])]);
    expect(git('log', '--format=%s', 'main').split('\n')).toHaveLength(5);
    expect(shallow.exists('far/x')).toBe(false);
    expect(shallow.git('status', '--porcelain')).toBe('');
  });

  it('goes through the server of git, with a token that nobody else sees', async () => {
    const secret = 'tok-3n-S3cret+/=';
    process.env.SLUICE_TEST_TOKEN = secret;
    const { http, ground } = await served({ settings: { token: { env: 'SLUICE_TEST_TOKEN' } } });
    await publish(ground.backend, [plan]);
    const expected = `Basic ${Buffer.from(`x-access-token:${secret}`).toString('base64')}`;
    expect(new Set(http.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([expected]));
    expect(http.requests.map(({ url }) => url).join()).not.toContain('tok-');
    const files = execFileSync('find', [ground.copy.root, ground.server, '-type', 'f'], { encoding: 'utf8' });
    const holding = files
      .trim()
      .split('\n')
      .filter((file) => /tok-3n/.test(readFileSync(file, 'latin1')));
    expect(holding).toEqual([]);
  });

  it('says what to do where the server wants another token', async () => {
    const { http, ground } = await served({});
    http.obstacle = (_, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    await expect(ground.backend.sync()).rejects.toMatchObject({
      code: 'git/fetch-failed',
      hint: expect.stringContaining('git.token'),
    });
  });

  it('says that a token is refused', async () => {
    vi.stubEnv('SLUICE_TEST_TOKEN', 'tok-wrong');
    const { http, ground } = await served({ settings: { token: { env: 'SLUICE_TEST_TOKEN' } } });
    http.obstacle = (_, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    await expect(ground.backend.sync()).rejects.toMatchObject({
      message: expect.stringContaining('git fetch: the server refuses the token: '),
      hint: expect.stringContaining('has not run out'),
    });
  });

  it('says that the server is down', async () => {
    const { ground, http } = await served({});
    const repository = await ground.backend.sync();
    await http.close();
    await expect(ground.backend.publish(repository, [plan])).rejects.toMatchObject({
      code: 'git/push-failed',
      hint: expect.stringContaining('Check that the server runs'),
    });
    assertUntouched(ground.copy, ground.git);
  });

  it('gives up on a server that hangs, and on all that git started for it', async () => {
    // Long enough for what does not hang, on a machine that is busy.
    const { http, ground } = await served({ timeout: 5_000 });
    const repository = await ground.backend.sync();
    http.obstacle = () => true;
    await expect(ground.backend.publish(repository, [plan])).rejects.toMatchObject({
      code: 'git/timeout',
      message: 'Cannot run git push within 5 s',
    });
    assertUntouched(ground.copy, ground.git);
  });

  it('notices that the server took what it never answered to', async () => {
    const { http, ground } = await served({});
    const repository = await ground.backend.sync();
    http.obstacle = diesAfterReceiving();
    const result = await ground.backend.publish(repository, [plan]);
    expect(result).toMatchObject({ kind: 'published', head: ground.git('rev-parse', 'main') });
    expect(ground.git('rev-list', '--count', 'main')).toBe('2');
    expect(ground.copy.git('rev-parse', 'HEAD')).toBe(ground.git('rev-parse', 'main'));
  });

  it('finds with the next pass what the server took before it went down', async () => {
    const { http, ground } = await served({});
    const repository = await ground.backend.sync();
    const dies = diesAfterReceiving();
    let down = false;
    http.obstacle = (request, response) => {
      if (down) return Boolean(request.socket.destroy());
      down = request.method === 'POST' && /receive-pack/.test(request.url ?? '');
      return dies(request, response);
    };
    await expect(ground.backend.publish(repository, [plan])).rejects.toMatchObject({ code: 'git/push-failed' });
    http.obstacle = undefined;
    await expect.poll(() => ground.git('rev-list', '--count', 'main')).toBe('2');
    expect((await ground.backend.sync()).head).toBe(ground.git('rev-parse', 'main'));
    expect(await publish(ground.backend, [plan])).toMatchObject({ commits: [undefined] });
  });

  it('loses nothing where the server hands out an old tip', async () => {
    const { http, ground } = await served({});
    const old = ground.git('rev-parse', 'main');
    await publish(ground.backend, [plan]);
    const tip = ground.git('rev-parse', 'main');
    http.obstacle = (request, response) => {
      if (!/service=git-upload-pack|upload-pack$/.test(request.url ?? '')) return false;
      ground.git('update-ref', 'refs/heads/main', old);
      response.on('close', () => ground.git('update-ref', 'refs/heads/main', tip));
      return false;
    };
    const stale = await ground.backend.sync();
    expect(stale.head).toBe(old);
    const result = await ground.backend.publish(stale, [planOf('two', [change('b', '1\n')])]);
    expect(result.kind).toBe('moved');
    expect(ground.git('rev-parse', 'main')).toBe(tip);
    http.obstacle = undefined;
    await publish(ground.backend, [planOf('two', [change('b', '1\n')])]);
    expect(ground.git('rev-parse', 'main~1')).toBe(tip);
  });

  it('leaves the working copy where a pre-push hook refuses', async () => {
    const { backend, copy, git } = pushGround({ a: '1\n' });
    copy.hook('pre-push', 'echo "no pre-push today" >&2; exit 1');
    await expect(publish(backend, [plan])).rejects.toMatchObject({
      code: 'git/push-failed',
      hint: expect.stringContaining('pre-push'),
    });
    assertUntouched(copy, git);
  });
});

async function served(options: {
  settings?: object;
  timeout?: number;
}): Promise<{ http: HttpServer; ground: PushGround }> {
  const http = await serveRepositories('/');
  servers.push(http);
  return { http, ground: pushGround({ a: '1\n' }, { ...options, url: (server) => http.url + server }) };
}

/** The answer to a push is lost with the connection, once the server has all of it. */
function diesAfterReceiving(): NonNullable<HttpServer['obstacle']> {
  return (request) => {
    if (request.method !== 'POST' || !/receive-pack/.test(request.url ?? '')) return false;
    const { socket } = request;
    const lost = {
      setHeader: () => {},
      write: () => {},
      end: () => socket.destroy(),
    };
    answer('/', request, lost as never);
    return true;
  };
}

function serverHook(server: string, name: string, script: string): void {
  const file = join(server, 'hooks', name);
  if (existsSync(file)) rmSync(file);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function assertUntouched(copy: PushGround['copy'], git: PushGround['git']): void {
  expect(git('rev-list', '--count', 'main')).toBe('1');
  expect(copy.git('rev-list', '--count', 'HEAD')).toBe('1');
  expect(copy.read('a')).toBe('1\n');
  expect(copy.status()).toEqual([]);
}
