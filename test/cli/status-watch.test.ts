import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { watchStatus } from '../../src/cli/status/watch.js';
import { programOf } from '../program.js';
import { FakeTerminal, twoVersions } from './status-terminal.js';
import { evaluationValues, ScratchWorkspace } from './workspace.js';

const file = 'releases/reviews/values.yaml';
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function workspace(): ScratchWorkspace {
  return new ScratchWorkspace({ [file]: twoVersions('reviews', [100, 0], evaluationValues) });
}

/** Watches at a quick pace, by a clock that a test moves on; `end` is Ctrl-C. */
function watching({ folder, now }: ScratchWorkspace, stdout: Io['stdout'], clock = { now }) {
  let end = () => {};
  const stopped = new Promise<number>((resolve) => {
    end = () => resolve(0);
  });
  stops.push(end);
  const io = { stdin: Readable.from([]), stdout, stderr: { write: () => {} }, cwd: folder, now: () => clock.now };
  const pace = { tick: 50, settle: 10, ask: 100 };
  return { code: watchStatus({ name: undefined, isLive: false }, io, { pace, stopped }), end };
}

test('sluice status --watch paints over what it showed when a file changes, and gives the terminal back', async () => {
  const scratch = workspace();
  const terminal = new FakeTerminal(100);
  const { code, end } = watching(scratch, terminal);
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('reviews-v2 0 %'), 30_000);

  scratch.replace(file, 'weight: 0', 'weight: 25');
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('reviews-v2 is analysed from 20 %'), 30_000);
  end();

  expect(await code).toBe(0);
  const [first, last] = [terminal.written.indexOf('\x1b[?1049h'), terminal.written.lastIndexOf('\x1b[?1049l')];
  expect(first).toBe(0);
  expect(terminal.written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.written.lastIndexOf('\x1b[?25l'));
  expect(terminal.written.slice(last)).toContain('20 %');
});

test('sluice status --watch tells of values that are broken, and goes on when they are mended', async () => {
  const scratch = workspace();
  const terminal = new FakeTerminal(100);
  const { code, end } = watching(scratch, terminal);
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('Initializing'), 30_000);

  scratch.move('releases', 'elsewhere');
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('there is no folder releases'), 30_000);
  scratch.move('elsewhere', 'releases');
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('Initializing'), 30_000);
  end();
  expect(await code).toBe(0);
});

test('sluice status --watch never paints more lines than the terminal has', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `app-${i}`);
  const files = names.map((name) => [`releases/${name}/values.yaml`, twoVersions(name, [100, 0], evaluationValues)]);
  const terminal = new FakeTerminal(100, 12);
  const { code, end } = watching(new ScratchWorkspace(Object.fromEntries(files)), terminal);
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('more; sluice status lists them all'), 30_000);
  end();
  await code;
  for (const screen of terminal.written.split('\x1b[H').slice(1, -1)) {
    expect(screen.split('\r\n').length).toBeLessThanOrEqual(12);
  }
});

test('sluice status --watch moves the time of the next look on as the clock does', async () => {
  const scratch = workspace();
  const begun = new Date(scratch.now * 1000).toISOString();
  const identity = 'identity: sha256:0000000000000000';
  const status = `phase: Progressing\niteration: 1\nprimary: reviews-v1\ncandidate: reviews-v2\n${identity}\nshare: 20\nstartedAt: "${begun}"\nsince: "${begun}"\nmessage: in\nsettled: []\n`;
  scratch.write('releases/reviews/status.yaml', status);
  scratch.replace(file, 'weight: 0', 'weight: 25');
  const { evidenced, time } = await identityFor(scratch);
  scratch.replace('releases/reviews/status.yaml', identity, evidenced);
  const terminal = new FakeTerminal(100);
  const clock = { now: time + 64.5 };
  const { code, end } = watching(scratch, terminal, clock);
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('look at 22:15:05Z'), 30_000);
  clock.now += 0.5;
  await vi.waitFor(() => expect(terminal.screen.join('\n')).toContain('look at 22:16:05Z'), 30_000);
  end();
  await code;
});

/** The identity of the candidate, which a status has to name for it to be under way. */
async function identityFor(scratch: ScratchWorkspace) {
  const { identityOf } = await import('../../src/evaluate/identity.js');
  const { loadValues } = await import('../../src/values/load.js');
  const loaded = loadValues(scratch.read(file), { file, name: 'reviews', namespace: 'default' });
  return { evidenced: `identity: ${identityOf(loaded, 'reviews-v2')}`, time: scratch.now };
}

test('sluice status --watch prints below each other where there is no terminal, and only what is new', async () => {
  const scratch = workspace();
  let written = '';
  const { code, end } = watching(scratch, {
    write(text) {
      written += text;
    },
  });
  await vi.waitFor(() => expect(written).toContain('reviews-v2 0 %'), 30_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(written.match(/RELEASE/g)).toHaveLength(1);

  scratch.replace(file, 'weight: 0', 'weight: 25');
  await vi.waitFor(() => expect(written.match(/RELEASE/g)).toHaveLength(2), 30_000);
  end();
  expect(await code).toBe(0);
  expect(written).not.toContain('\x1b');
});

test('sluice status --watch refuses JSON, and a release that is not there', async () => {
  const scratch = workspace();
  expect(await scratch.run('status', '--watch', '-o', 'json')).toMatchObject({ code: 2 });
  const { code, stderr } = await scratch.run('status', 'revies', '--watch');
  expect(code).toBe(2);
  expect(stderr).toContain('Cannot find the release revies');
});

test('sluice status --watch ends with 0 at Ctrl-C', async () => {
  const program = programOf(new URL('../../src/bin.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'status', '--watch'], { cwd: workspace().folder });
  stops.push(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += text;
  });
  await vi.waitFor(() => expect(printed).toContain('reviews-v2 enters'), 60_000);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
});
