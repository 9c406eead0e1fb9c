import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { showDemo } from '../../src/cli/demo.js';
import { runGit } from '../../src/gitops/git.js';
import { programOf } from '../program.js';
import { Terminal } from './demo/terminal.js';
import { scratchFolder, sluice } from './workspace.js';

const top = fileURLToPath(new URL('../..', import.meta.url));
/** Where the demo makes its folder. */
let temporary: string;

beforeEach(() => {
  temporary = scratchFolder();
  vi.stubEnv('TMPDIR', temporary);
  vi.stubEnv('TERM', 'xterm-256color');
  vi.stubEnv('NO_COLOR', '');
});
afterEach(() => vi.unstubAllEnvs());

function show(terminal: Terminal): Promise<number> {
  const io = { stdin: Readable.from([]), stdout: terminal, stderr: terminal, cwd: temporary };
  return showDemo({ ...io, now: () => 1_700_000_000 }, { keep: false, pause: async () => {} });
}

describe('sluice demo', () => {
  it('demo promotes the good version and rolls back the bad one, in commits', async () => {
    const { code, stdout } = await sluice(['demo', '--keep'], { cwd: temporary });
    expect(code).toBe(0);
    const [folder = ''] = readdirSync(temporary);
    const cwd = join(temporary, folder);
    expect(stdout).toContain(`The repository is kept: ${cwd}\nIts metrics have ended with the demo: `);
    const settings = readFileSync(join(cwd, 'sluice.yaml'), 'utf8');
    expect(settings).toMatch(/^ {2}url: http:\S+ {2}# ended with the demo: put your own Prometheus here$/m);

    const format = '%s|%(trailers:key=Sluice-Decision,valueonly,separator=)';
    const log = (await runGit(['log', '--reverse', `--format=${format}`], { cwd })).trimEnd().split('\n');
    expect(log).toEqual([
      'chore(sluice): start with one release|',
      'chore(sluice): read the metrics of the simulator|',
      'chore(reviews): add candidate reviews-v2|',
      'chore(reviews): candidate reviews-v2 0 % → 5 %|advance',
      'chore(reviews): candidate reviews-v2 5 % → 20 %|advance',
      'chore(reviews): candidate reviews-v2 20 % → 50 %|advance',
      'chore(reviews): promote reviews-v2|promote',
      'chore(reviews): add candidate reviews-v3|',
      'chore(reviews): candidate reviews-v3 0 % → 5 %|advance',
      'chore(reviews): roll back reviews-v3 5 % → 0 %|roll back',
    ]);
    const values = parse(await runGit(['show'], { cwd, revisions: ['HEAD:releases/reviews/values.yaml'] }));
    expect(values.application.primary).toBe('reviews-v2');
    expect(values.application.versions.map(({ weight }: { weight: number }) => weight)).toEqual([0, 100, 0]);
    expect(await runGit(['status', '--porcelain'], { cwd })).toBe('');
  });

  it('demo writes a plain log where there is no terminal, and leaves no folder behind', async () => {
    const { code, stdout, stderr } = await sluice(['demo'], { cwd: temporary });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toMatch(
      /^\d\d:\d\d:\d\d {2}promote reviews-v2 \(commit [0-9a-f]{7}\): reviews-v2 keeps error-rate /m,
    );
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}roll back reviews-v3 .*: reviews-v3 breaks error-rate .*latency-mean /m);
    expect(stdout).toMatch(/^ {2}- {4}weight: 95\n {2}\+ {4}weight: 100$/m);
    expect(stdout).toMatch(/^ {2}- {4}weight: 5\n {2}\+ {4}weight: 0$/m);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('demo uses neither the identity nor the hooks nor the signing of the person who watches', async () => {
    const settings = join(temporary, 'gitconfig');
    const hooks = join(top, 'no-such-folder');
    writeFileSync(
      settings,
      `[user]\n\tuseConfigOnly = true\n[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = false\n[core]\n\thooksPath = ${hooks}\n`,
    );
    vi.stubEnv('GIT_CONFIG_GLOBAL', settings);
    expect((await sluice(['demo'], { cwd: temporary })).code).toBe(0);
    expect(readdirSync(temporary)).toEqual(['gitconfig']);
  });

  it('demo says what is missing where there is no git', async () => {
    vi.stubEnv('PATH', temporary);
    const { code, stdout, stderr } = await sluice(['demo'], { cwd: temporary });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Cannot run git as an installed program');
    expect(stderr).toContain('hint: Install git');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('demo removes its folder when it is interrupted', async () => {
    const args = [programOf(new URL('../../src/bin.ts', import.meta.url)), 'demo'];
    const child = spawn(process.execPath, args, { cwd: top, stdio: ['ignore', 'pipe', 'ignore'] });
    const during = await new Promise<string[]>((resolve) => {
      child.stdout.once('data', () => {
        resolve(readdirSync(temporary).filter((name) => name.startsWith('sluice-demo-')));
        child.kill('SIGINT');
      });
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(during).toHaveLength(1);
    expect(code).toBe(130);
    expect(readdirSync(temporary).filter((name) => name.startsWith('sluice-demo-'))).toEqual([]);
  });
});

describe('showDemo()', () => {
  const titles = (lines: readonly string[]) => lines.filter((line) => /^\d {2}A (good|bad) version/.test(line));
  const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => [...line].length));

  it('showDemo() paints each act over itself, within the columns, and shows the cursor again', async () => {
    const terminal = new Terminal(80);
    expect(await show(terminal)).toBe(0);
    expect(titles(terminal.screen)).toHaveLength(2);
    expect(titles(terminal.shown).length).toBeGreaterThan(50);
    expect(terminal.screen.filter((line) => line.includes('promote reviews-v2  '))).toHaveLength(1);
    expect(widest(terminal.shown)).toBe(80);
    expect(terminal.text).toContain('\x1b[31m  -    weight: 95\x1b[0m');
    expect(terminal.text).toContain('\x1b[32m  +    weight: 100\x1b[0m');
    expect(terminal.text.indexOf('\x1b[?25l')).toBeGreaterThanOrEqual(0);
    expect(terminal.text.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.text.lastIndexOf('\x1b[?25l'));
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('showDemo() has no colours where NO_COLOR asks for none, and fits a narrow terminal', async () => {
    const terminal = new Terminal(40);
    vi.stubEnv('NO_COLOR', '1');
    await show(terminal);
    const controls = terminal.text.split('\x1b[').slice(1);
    expect([...new Set(controls.map((text) => /[a-zA-Z]/.exec(text)?.[0]))].sort()).toEqual(['F', 'J', 'K', 'h', 'l']);
    expect(widest(terminal.shown)).toBe(40);
    expect(titles(terminal.screen)).toHaveLength(2);
  });

  it('showDemo() writes a plain log on a terminal that cannot move its cursor', async () => {
    const terminal = new Terminal();
    vi.stubEnv('TERM', 'dumb');
    await show(terminal);
    expect(terminal.text).not.toContain('\x1b');
  });
});
