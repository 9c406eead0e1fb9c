import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Mesh } from '../mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, sluice } from '../workspace.js';
import { Daemon } from './daemon.js';

const file = 'releases/reviews/values.yaml';
const values = reviewsValues + evaluationValues;

/** A workspace, its mesh, and a daemon that begins when a first window of traffic is complete. */
async function ground(text = values) {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [file]: text });
  mesh.flow(workspace);
  const daemon = new Daemon(mesh.simulator.now);
  return { mesh, workspace, daemon };
}

/** Lets the traffic flow until the daemon's clock. */
function follow(mesh: Mesh, daemon: Daemon): void {
  mesh.simulator.advance(Math.max(0, Math.floor(daemon.now) - mesh.simulator.now));
}

function passes(daemon: Daemon) {
  return daemon.events('pass');
}

test('sluice evaluate --watch decides as passes one by one do, each when a window is complete, and tells in JSON', async () => {
  const { mesh, workspace, daemon } = await ground();
  daemon.onNap = () => {
    if (daemon.events('decision').some(({ decision }) => decision === 'promote')) daemon.stop();
    mesh.flow(workspace);
    daemon.now = Math.max(daemon.now, mesh.simulator.now);
  };
  expect(await daemon.run(workspace.folder, { output: 'json' })).toBe(0);

  expect(workspace.subjects(2)).toEqual([
    'chore(reviews): candidate reviews-v2 0 % → 5 %',
    'chore(reviews): candidate reviews-v2 5 % → 50 %',
    'chore(reviews): promote reviews-v2',
  ]);
  const moves = daemon.events('decision').filter(({ decision }) => decision !== 'hold');
  expect(moves.map(({ release, decision, level }) => [release, decision, level])).toEqual([
    ['reviews', 'advance', 'info'],
    ['reviews', 'advance', 'info'],
    ['reviews', 'promote', 'info'],
  ]);
  const printed = daemon.stdout.trimEnd().split('\n');
  expect(printed).toHaveLength(passes(daemon).length);
  expect(printed.map((line) => JSON.parse(line).decisions[0].release)).toContain('reviews');
  expect(daemon.events('stopped')).toMatchObject([{ level: 'info', reason: 'SIGTERM' }]);
  expect(daemon.left).toEqual([]);
});

test('sluice evaluate --watch begins passes on the shortest interval, the delay after a window, or as --every says', async () => {
  const { mesh, workspace, daemon } = await ground(values.replace('weight: 0', 'weight: 0 # waits'));
  daemon.onNap = () => {
    follow(mesh, daemon);
    if (passes(daemon).length === 4) daemon.stop();
  };
  await daemon.run(workspace.folder, { 'dry-run': true });
  const times = passes(daemon).map(({ time }) => (Date.parse(time) / 1000) % 60);
  expect(times).toEqual([6, 5, 5, 5]);
  expect(Math.max(...daemon.naps.map(({ seconds }) => seconds))).toBeLessThanOrEqual(10);

  const slow = new Daemon(daemon.now);
  slow.onNap = () => {
    follow(mesh, slow);
    if (passes(slow).length === 3) slow.stop();
  };
  await slow.run(workspace.folder, { 'dry-run': true, every: '5m' });
  const late = passes(slow).map(({ time }) => Date.parse(time) / 1000);
  expect(late.slice(1).map((time) => time % 300)).toEqual([5, 5]);
});

test('sluice evaluate --watch lets the next pass follow at once where one took longer than the interval, never two', async () => {
  let [open, most, asked] = [0, 0, 0];
  const daemon = new Daemon(1_700_000_046);
  const server = createServer((_, response) => {
    open += 1;
    asked += 1;
    most = Math.max(most, open);
    daemon.now += 45;
    setTimeout(() => {
      open -= 1;
      if (asked >= 12) daemon.stop();
      response.writeHead(500).end();
    }, 20);
  });
  const workspace = await hangingGround(server);
  workspace.write('sluice.yaml', workspace.read('sluice.yaml').replace('}', ', timeout: 1s}'));
  workspace.commit({});
  expect(await daemon.run(workspace.folder)).toBe(0);
  expect(passes(daemon).length).toBeGreaterThan(1);
  expect(daemon.naps).toEqual([]);
  // The queries of one pass go together; another pass would double them.
  expect(most).toBeLessThanOrEqual(3);
});

test('sluice evaluate --watch tells why a pass went wrong, and the next goes on', async () => {
  const { mesh, workspace, daemon } = await ground();
  const head = workspace.head;
  workspace.write('.git/MERGE_HEAD', `${head}\n`);
  daemon.onNap = () => {
    follow(mesh, daemon);
    if (workspace.exists('.git/MERGE_HEAD')) workspace.remove('.git/MERGE_HEAD');
    if (passes(daemon).length === 2) daemon.stop();
  };
  expect(await daemon.run(workspace.folder)).toBe(0);
  expect(passes(daemon)).toMatchObject([
    { level: 'error', outcome: 'failed', code: 'git/busy', hint: expect.stringContaining('git merge --abort') },
    { level: 'info', outcome: 'complete', commits: 1 },
  ]);
});

test('sluice evaluate --watch tells of a release that could not run, and of a hold when its reason is new', async () => {
  const { mesh, workspace, daemon } = await ground();
  workspace.commit({
    'releases/broken/values.yaml': 'environment: istoi\n',
    [file]: reviewsValues,
  });
  daemon.onNap = () => {
    follow(mesh, daemon);
    if (passes(daemon).length === 3) daemon.stop();
  };
  expect(await daemon.run(workspace.folder)).toBe(0);
  expect(daemon.events('failure')).toHaveLength(3);
  expect(daemon.events('failure')[0]).toMatchObject({ level: 'error', release: 'broken', code: 'values/invalid' });
  expect(daemon.events('decision')).toMatchObject([{ release: 'reviews', decision: 'hold' }]);
  expect(passes(daemon)).toMatchObject([{ outcome: 'partial' }, { outcome: 'partial' }, { outcome: 'partial' }]);
});

test('sluice evaluate --watch begins anew where the clock was set back', async () => {
  const { mesh, workspace, daemon } = await ground();
  let back = 0;
  daemon.onNap = () => {
    follow(mesh, daemon);
    if (passes(daemon).length === 1 && back === 0) {
      daemon.now -= 3600;
      back = daemon.now;
    }
    if (passes(daemon).length === 2) daemon.stop();
  };
  await daemon.run(workspace.folder, { 'dry-run': true });
  const second = Date.parse(passes(daemon)[1]?.time ?? '') / 1000;
  expect(second).toBeGreaterThan(back);
  expect(second).toBeLessThanOrEqual(back + 60);
});

/** A workspace whose source is a server of a test. */
async function hangingGround(server: ReturnType<typeof createServer>, credentials = ''): Promise<ScratchWorkspace> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const project = `metrics: {source: prometheus, url: "http://${credentials}127.0.0.1:${port}"}\n`;
  return ScratchWorkspace.rendered({ 'sluice.yaml': project, [file]: values });
}

test('sluice evaluate --watch gives a pass up that only reads when it is to stop: nothing is written', async () => {
  const daemon = new Daemon(1_700_000_046);
  const workspace = await hangingGround(createServer(() => daemon.stop()));
  const before = workspace.fingerprint();
  expect(await daemon.run(workspace.folder)).toBe(0);
  expect(daemon.log.map(({ event }) => event)).toEqual(['started', 'stopping', 'given up', 'stopped']);
  // The question is still open, which must not keep the process.
  expect(daemon.left).toEqual([0]);
  expect(workspace.fingerprint()).toEqual(before);
});

test('sluice evaluate --watch finishes what it is writing when it is to stop', async () => {
  const { workspace, daemon } = await ground();
  workspace.repository.hook('reference-transaction', 'touch .git/writing; sleep 0.3');
  const before = workspace.head;
  const run = daemon.run(workspace.folder);
  const poll = setInterval(() => {
    if (workspace.exists('.git/writing')) daemon.stop();
  }, 5);
  onTestFinished(() => clearInterval(poll));
  expect(await run).toBe(0);
  expect(daemon.events('stopped')).toHaveLength(1);
  expect(daemon.left).toEqual([]);
  expect(workspace.head).not.toBe(before);
  expect(workspace.git('status', '--porcelain')).toBe('');
});

test('sluice evaluate --watch shows no secret in its log nor in what it prints', async () => {
  const daemon = new Daemon(1_700_000_046);
  const server = createServer(({ headers }, response) => {
    daemon.stop();
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'error', errorType: 'x', error: `who is ${headers.authorization}` }));
  });
  const workspace = await hangingGround(server, 'ada:lovelace1815@');
  daemon.onNap = () => daemon.stop();
  await daemon.run(workspace.folder, { output: 'json' });
  const text = daemon.stderr + daemon.stdout;
  expect(text).not.toContain('lovelace1815');
  expect(text).not.toContain(Buffer.from('ada:lovelace1815').toString('base64'));
});

test('sluice evaluate --watch ends at once for what is wrong from the start', async () => {
  const { workspace } = await ground();
  const run = (...argv: string[]) => sluice(['evaluate', ...argv], { cwd: workspace.folder });
  expect(await run('revies', '--watch')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Cannot find the release'),
  });
  expect(await run('--watch', '--every', 'often')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Cannot pass every often'),
  });
  expect(await run('--watch', '--listen', '9464')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no HOST:PORT'),
  });
  expect(await run('--watch', '-o', 'yaml')).toMatchObject({ code: 2 });
  expect(await run('--every', '60s')).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --watch') });
  expect(await run('--listen', '127.0.0.1:0')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Add --watch'),
  });
});
