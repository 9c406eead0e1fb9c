import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { programOf } from '../../program.js';
import { Mesh } from '../mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder } from '../workspace.js';
import { bytesHeld } from './heap-snapshot.js';

const file = 'releases/reviews/values.yaml';

/** Now, on a multiple of a minute: the processes go by the real clock. */
function lastMinute(): number {
  return Math.floor(Date.now() / 60_000) * 60;
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has written to stderr. */
  log(): string;
}

function started(workspace: ScratchWorkspace, ...options: string[]): Running {
  const program = programOf(new URL('../../../src/bin.ts', import.meta.url));
  const argv = [program, 'evaluate', '--watch', ...options];
  const child = spawn(process.execPath, argv, { cwd: workspace.folder });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  return { child, log: () => text };
}

/** A workspace whose metrics server does with a question as given. */
async function served(onQuestion: () => void, timeout = '60s'): Promise<ScratchWorkspace> {
  const server = createServer(() => onQuestion());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const project = `metrics: {source: prometheus, url: "http://127.0.0.1:${port}", timeout: ${timeout}}\n`;
  return ScratchWorkspace.rendered({ 'sluice.yaml': project, [file]: reviewsValues + evaluationValues });
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'sluice evaluate --watch ends with 0 at %s, however long its metrics server lets it wait',
  async (signal) => {
    let begun = Number.POSITIVE_INFINITY;
    let end = () => {};
    const workspace = await served(() => end());
    const before = workspace.fingerprint();
    const { child, log } = started(workspace);
    end = () => {
      begun = Math.min(begun, performance.now());
      child.kill(signal);
      end = () => {};
    };
    const [code] = await once(child, 'close');
    expect({ code, log: log() }).toMatchObject({ code: 0, log: expect.stringContaining('"event":"given up"') });
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(workspace.fingerprint()).toEqual(before);
  },
);

test('sluice evaluate --watch finishes its commit at SIGTERM, and leaves at once at a second signal', async () => {
  const ground = async (hook: string) => {
    const mesh = await Mesh.start(lastMinute() - 120);
    mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
    const values = reviewsValues + evaluationValues;
    const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [file]: values });
    mesh.flow(workspace);
    workspace.repository.hook('reference-transaction', hook);
    const running = started(workspace);
    await vi.waitFor(() => expect(workspace.exists('.git/writing'), running.log()).toBe(true), 60_000);
    running.child.kill('SIGTERM');
    await vi.waitFor(() => expect(running.log()).toContain('"event":"stopping"'), 60_000);
    return { workspace, ...running };
  };
  const patient = await ground('touch .git/writing; sleep 0.5');
  expect(await once(patient.child, 'close')).toEqual([0, null]);
  expect(patient.workspace.subjects(2)).toEqual(['chore(reviews): candidate reviews-v2 0 % → 5 %']);
  expect(patient.workspace.git('status', '--porcelain')).toBe('');

  const hurried = await ground(
    'touch .git/writing; i=0; until [ -e .git/over ] || [ $((i+=1)) -gt 600 ]; do sleep 0.1; done',
  );
  hurried.child.kill('SIGINT');
  expect((await once(hurried.child, 'exit'))[0]).toBe(128 + 2);
  // Its git goes on to its own end, which the test waits for.
  hurried.workspace.write('.git/over', '');
  const locks = () => readdirSync(join(hurried.workspace.folder, '.git'), { recursive: true, encoding: 'utf8' });
  await vi.waitFor(() => expect(locks().filter((path) => path.endsWith('.lock'))).toEqual([]), 60_000);
});

test('two of sluice evaluate --watch in one repository wait for each other, and decide once', async () => {
  const mesh = await Mesh.start(lastMinute() - 120);
  const names = Array.from({ length: 6 }, (_, i) => `app-${i}`);
  mesh.services(Object.fromEntries(names.flatMap((name) => [1, 2].map((v) => [`${name}-v${v}`, 0]))));
  const values = (name: string) => (reviewsValues + evaluationValues).replaceAll('reviews-', `${name}-`);
  const files = names.map((name) => [`releases/${name}/values.yaml`, values(name)]);
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, ...Object.fromEntries(files) });
  mesh.flow(workspace);
  const both = [started(workspace, '--every', '1s'), started(workspace, '--every', '1s')];
  for (const { log } of both) {
    await vi.waitFor(() => expect(log().match(/"event":"pass"/g)?.length).toBeGreaterThan(3), 120_000);
  }
  const ends = both.map(({ child }) => once(child, 'close'));
  for (const { child } of both) child.kill('SIGTERM');
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0]);

  const log = both.map((each) => each.log()).join('');
  expect(log).not.toContain('"level":"error"');
  const entered = workspace.subjects(2).filter((subject) => subject.endsWith('-v2 0 % → 5 %'));
  expect(entered.toSorted()).toEqual(names.map((name) => `chore(${name}): candidate ${name}-v2 0 % → 5 %`));
  expect(workspace.git('status', '--porcelain')).toBe('');
  workspace.git('fsck', '--strict', '--no-dangling');
});

test('sluice evaluate --watch holds no more memory after 200 passes than after 100', async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
  const files = { 'sluice.yaml': mesh.project, [file]: reviewsValues + evaluationValues };
  const workspace = await ScratchWorkspace.rendered(files);
  const snapshots = scratchFolder();
  const child = programOf(new URL('memory-child.ts', import.meta.url));
  const argv = [child, workspace.folder, `${mesh.simulator.now}`, snapshots, '100', '200'];
  await promisify(execFile)(process.execPath, argv);
  const [before = 0, after = 0] = [100, 200].map((pass) => bytesHeld(join(snapshots, `${pass}.json`)));
  expect(before).toBeGreaterThan(1_000_000);
  // Bytes: what a pass leaves behind, be it one listener or one line of its log, is there a hundred times.
  expect(after - before).toBeLessThan(100 * 200);
});
