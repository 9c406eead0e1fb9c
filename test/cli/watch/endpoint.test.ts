import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseAddress, serve } from '../../../src/cli/watch/endpoint.js';
import { exposition } from '../../../src/cli/watch/exposition.js';
import { addPass, emptyTally, illness, type Tally } from '../../../src/cli/watch/tally.js';
import { Mesh } from '../mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../workspace.js';
import { Daemon } from './daemon.js';

const begin = 1_700_000_000;

async function served(tally: Tally, clock: { now: number }): Promise<string> {
  const endpoint = await serve({ host: '127.0.0.1', port: 0 }, tally, () => clock.now);
  onTestFinished(() => endpoint.close());
  return endpoint.url;
}

test('/healthz is 200 while passes end, and 503 with the reason once none has for three intervals', async () => {
  const tally = emptyTally(begin);
  const clock = { now: begin + 180 };
  const url = await served(tally, clock);
  const health = async () => {
    const response = await fetch(`${url}/healthz`);
    return [response.status, await response.text()];
  };
  expect(await health()).toEqual([200, 'ok\n']);
  clock.now += 1;
  expect(await health()).toEqual([503, 'no pass has ended since the start 181 s ago; at most 180 s are expected\n']);

  // One that failed has ended, too: to start again would not mend the source.
  addPass(tally, { ended: clock.now, seconds: 2 });
  expect(await health()).toEqual([200, 'ok\n']);
  tally.interval = 300;
  clock.now += 901;
  expect(await health()).toEqual([503, 'the last pass ended 901 s ago; at most 900 s are expected\n']);
});

test('illness() leaves a minute to the shortest interval', () => {
  const tally = { ...emptyTally(begin), interval: 5 };
  expect(illness(tally, begin + 60)).toBeUndefined();
  expect(illness(tally, begin + 61)).toContain('at most 60 s');
});

test('the endpoint answers GET and HEAD of its two paths, and nothing else', async () => {
  const url = await served(emptyTally(begin), { now: begin });
  const status = async (path: string, method: string) => (await fetch(url + path, { method })).status;
  expect(await status('/metrics?x=1', 'GET')).toBe(200);
  expect(await status('/healthz', 'HEAD')).toBe(200);
  expect(await status('/metrics', 'POST')).toBe(405);
  expect(await status('/', 'GET')).toBe(404);
});

test('the endpoint lets nobody keep the process who holds a connection open', async () => {
  const endpoint = await serve({ host: '127.0.0.1', port: 0 }, emptyTally(begin), () => begin);
  const open = request(`${endpoint.url}/metrics`, { method: 'POST' });
  open.write('x');
  const closed = new Promise((resolve) => open.on('close', resolve).on('error', () => {}));
  await new Promise((resolve) => open.on('response', resolve));
  endpoint.close();
  await closed;
  await expect(fetch(endpoint.url)).rejects.toThrow();
});

test('parseAddress() takes names and addresses of both kinds', () => {
  expect(parseAddress('127.0.0.1:0')).toEqual({ host: '127.0.0.1', port: 0 });
  expect(parseAddress('localhost:9464')).toEqual({ host: 'localhost', port: 9464 });
  expect(parseAddress('[::1]:9464')).toEqual({ host: '::1', port: 9464 });
});

test.each(['9464', ':9464', '127.0.0.1', '127.0.0.1:65536', '::1:9464', 'a b:1', '127.0.0.1:-1'])(
  'parseAddress() refuses %s',
  (text) => {
    expect(() => parseAddress(text)).toThrow(`Cannot listen on ${text} as asked: it is no HOST:PORT`);
  },
);

test('serve() says which address is taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const taken = serve({ host: '127.0.0.1', port }, emptyTally(begin), () => begin);
  await expect(taken).rejects.toThrow(/^Cannot listen on 127\.0\.0\.1:\d+ as asked: listen EADDRINUSE/);
});

test('exposition() has no time of what has not happened yet', () => {
  const text = exposition(emptyTally(begin));
  expect(text).toContain('sluice_passes_total{outcome="complete"} 0\n');
  expect(text).not.toContain('timestamp');
});

test('sluice evaluate --watch --listen counts its passes, decisions and commits', async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
  const file = 'releases/reviews/values.yaml';
  const files = {
    'sluice.yaml': mesh.project,
    [file]: reviewsValues + evaluationValues,
    'releases/x/values.yaml': 'a: 1\n',
  };
  const workspace = new ScratchWorkspace(files);
  mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
  await workspace.run('synth');
  workspace.commit({});
  mesh.flow(workspace);
  const daemon = new Daemon(mesh.simulator.now);
  const url = () => `${daemon.events('started')[0]?.listening}/metrics`;
  let text = '';
  daemon.onNap = async () => {
    text = await (await fetch(url())).text();
    daemon.stop();
  };
  expect(await daemon.run(workspace.folder, { listen: '127.0.0.1:0' })).toBe(0);
  await expect(fetch(url())).rejects.toThrow();
  const shown = text.replace(/(_seconds_sum) [\d.]+\n/, '$1 SECONDS\n');
  expect(shown).toMatchInlineSnapshot(`
    "# HELP sluice_passes_total Passes that ended, by how.
    # TYPE sluice_passes_total counter
    sluice_passes_total{outcome="complete"} 0
    sluice_passes_total{outcome="partial"} 1
    sluice_passes_total{outcome="failed"} 0
    # HELP sluice_pass_duration_seconds How long passes took.
    # TYPE sluice_pass_duration_seconds summary
    sluice_pass_duration_seconds_sum SECONDS
    sluice_pass_duration_seconds_count 1
    # HELP sluice_decisions_total Decisions of passes, by kind.
    # TYPE sluice_decisions_total counter
    sluice_decisions_total{kind="advance"} 1
    sluice_decisions_total{kind="hold"} 0
    sluice_decisions_total{kind="promote"} 0
    sluice_decisions_total{kind="roll back"} 0
    # HELP sluice_commits_total Commits that passes made.
    # TYPE sluice_commits_total counter
    sluice_commits_total 1
    # HELP sluice_release_failures_total Releases that could not run in a pass.
    # TYPE sluice_release_failures_total counter
    sluice_release_failures_total 1
    # HELP sluice_releases Releases that the last pass looked at.
    # TYPE sluice_releases gauge
    sluice_releases 2
    # HELP sluice_interval_seconds From one pass to the next.
    # TYPE sluice_interval_seconds gauge
    sluice_interval_seconds 60
    # HELP sluice_last_pass_timestamp_seconds When the last pass ended.
    # TYPE sluice_last_pass_timestamp_seconds gauge
    sluice_last_pass_timestamp_seconds 1700000166
    "
  `);
});
