import { afterEach, expect, test } from 'vitest';
import { GitHttpServer } from './http-backend.js';
import { type Pass, Race } from './race.js';
import { assertLinear, assertOnce, assertSteps, type Report } from './race-laws.js';

const servers: GitHttpServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** Evaluators as processes of their own, one after the other. */
async function ground() {
  const server = await GitHttpServer.start();
  servers.push(server);
  const race = await Race.at(server.url, { releases: 2 });
  const clone = await race.clone();
  const pass = async (): Promise<Pass & { readonly report: Report | undefined }> => {
    const [pass] = await race.again(clone);
    if (pass === undefined) throw new Error('no pass');
    return { ...pass, report: pass.stdout === '' ? undefined : JSON.parse(pass.stdout) };
  };
  return { server, race, pass };
}

/** What fails, in which words, and how many commits are there all the same. */
const failures = [
  ['refuses by a hook', (server: GitHttpServer) => server.hook('pre-receive', 'echo "not today"; exit 1'), /not today/],
  ['lets nobody push', (server: GitHttpServer) => server.behave('refuse', { of: 'push' }), /the right to push/],
  ['is not to be had for a push', (server: GitHttpServer) => server.behave('unavailable', { of: 'push' }), /503/],
  ['is not to be had', (server: GitHttpServer) => server.behave('unavailable'), /503/],
] as const;

test.each(failures)('a server that %s: said, nothing is lost, and the next pass goes on', async (_, arrange, words) => {
  const { server, race, pass } = await ground();
  await using _race = race;
  arrange(server);
  const failed = await pass();
  expect(failed.code).toBe(2);
  expect(failed.stdout + failed.stderr).toMatch(words);
  expect(server.git('rev-list', '--count', 'main')).toBe('2');
  server.behave('serve');
  server.hook('pre-receive', 'exit 0');
  const { code, report } = await pass();
  expect(code).toBe(0);
  expect(report?.decisions).toHaveLength(2);
  expect(server.git('rev-list', '--count', 'main')).toBe('4');
});

test('a server that dies after it has accepted: the pass notices that its commits are there', async () => {
  const { server, race, pass } = await ground();
  await using _race = race;
  server.behave('die-after-accepting', { of: 'push', times: 1 });
  const reports = [await pass(), await pass()].map(({ code, stderr, report }) => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return report as Report;
  });
  const git = (...args: readonly string[]) => server.git(...args);
  assertOnce(git, reports);
  assertLinear(git);
  assertSteps(git);
});

test('a server that hands out an old tip: its answer is not believed where it counts, and nothing is lost', async () => {
  const { server, race, pass } = await ground();
  await using _race = race;
  server.behave('stale', { of: 'fetch' });
  const first = await pass();
  expect(first.report?.decisions).toHaveLength(2);
  const tip = server.tip();
  // By what it shows, nobody has decided yet.
  const second = await pass();
  expect(server.tip()).toBe(tip);
  expect(second.report?.failures).toMatchObject([{ code: 'git/moved' }, { code: 'git/moved' }]);
  server.behave('serve');
  const third = await pass();
  expect(third.code).toBe(0);
  const git = (...args: readonly string[]) => server.git(...args);
  assertOnce(
    git,
    [first, second, third].flatMap(({ report }) => report ?? []),
  );
  assertSteps(git);
});
