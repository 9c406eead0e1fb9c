import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/cli/run.js';
import { visible } from '../../src/cli/visible.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../cli/workspace.js';
import { ScratchRepository } from '../gitops/scratch-repository.js';
import { acting, escapes, hostile } from './hostile.js';

const file = 'releases/reviews/values.yaml';
const values = reviewsValues + evaluationValues;
/** In double quotes of YAML and of JSON. */
const quoted = JSON.stringify(hostile).replace(/[\u007f-\u009f\u2028\u2029]/g, (each) => {
  return `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
});
const settings = "metrics: {source: prometheus, url: 'http://127.0.0.1:1'}\n";

/** Where a hostile text stands. */
const places: { readonly [place: string]: (workspace: ScratchWorkspace) => void } = {
  'the folder of a release': (workspace) =>
    workspace.write(`releases/${hostile.replaceAll('/', '_')}/values.yaml`, reviewsValues),
  'a key of the values': (workspace) => workspace.write(file, `${values}${quoted}: 1\n`),
  'a value that is refused': (workspace) => workspace.write(file, values.replace('istio', quoted)),
  'a text that is no YAML': (workspace) => workspace.write(file, `${values}${hostile}\n`),
  'an image': (workspace) => workspace.write(file, values.replace('registry.example/reviews:v2', quoted)),
  'the name of a version': (workspace) => workspace.write(file, values.replace('name: reviews-v2', `name: ${quoted}`)),
  'a metric': (workspace) => workspace.write(file, values.replace('error-rate', quoted)),
  'the settings': (workspace) =>
    workspace.write('sluice.yaml', `git: {branch: ${quoted}}\nmetrics: {url: ${quoted}}\n`),
  'the reason of a freeze': (workspace) => workspace.write('sluice.yaml', `${settings}freeze: {reason: ${quoted}}\n`),
  'a status file': (workspace) => workspace.write('releases/reviews/status.yaml', `${quoted}: 1\n`),
  'a ledger': (workspace) => workspace.write('releases/reviews/ledger.jsonl', `${hostile}\n`),
  'the message of a commit': (workspace) =>
    workspace.git(
      'commit',
      '--allow-empty',
      '-qm',
      `${hostile}\n\n${hostile}\n\nSluice-Release: ${hostile}\nSluice-Decision: advance`,
    ),
  'the author of a commit': (workspace) =>
    workspace.git(
      'commit',
      '--allow-empty',
      '-qm',
      'x\n\nSluice-Release: a\nSluice-Decision: advance',
      `--author=${escapes.csi}${escapes.bidi} <${escapes.c1}@x>`,
    ),
  'the name of a branch': (workspace) => {
    workspace.git('checkout', '-qb', 'a\u202eb\u0085c');
    workspace.write('sluice.yaml', 'git: {branch: main, backend: push}\n');
  },
};

const commands: readonly (readonly string[])[] = [
  ['validate'],
  ['validate', '-o', 'github'],
  ['validate', '--against', 'HEAD'],
  ['diff'],
  ['diff', '--against', 'HEAD~1'],
  ['diff', '-o', 'markdown'],
  ['synth'],
  ['evaluate'],
  ['evaluate', '-o', 'json'],
  ['status'],
  ['status', 'reviews'],
  ['status', '-o', 'json'],
  ['history'],
  ['history', '-v'],
  ['history', '-o', 'json'],
  ['replay', '--all'],
  ['replay', '--all', '-o', 'json'],
  ['pause', 'reviews'],
  ['resume', '--all'],
  ['candidate', 'reviews', '--image', 'registry.example/reviews:v3'],
  ['promote', 'reviews'],
  ['rollback', 'reviews'],
  ['abort', 'reviews'],
  ['freeze'],
  ['chart', '-o', 'charts'],
];

/** Words of a person's, or of a script's that passes on what others wrote. */
const words: readonly (readonly string[])[] = [
  [hostile],
  ['status', `--${hostile}`],
  ['status', hostile],
  ['history', hostile],
  ['replay', hostile],
  ['replay', 'HEAD', hostile],
  ['replay', 'HEAD', '--judge', hostile],
  ['validate', '-o', hostile],
  ['validate', hostile],
  ['diff', '--against', hostile],
  ['candidate', 'reviews', '--image', hostile],
  ['candidate', 'reviews', '--from', hostile],
  ['promote', 'reviews', '--version', hostile],
  ['rollback', 'reviews', '--to', hostile],
  ['pause', 'reviews', '--reason', hostile],
  ['judge', hostile, hostile],
  ['init', '--render', hostile],
];

async function actingIn(workspace: ScratchWorkspace, calls: readonly (readonly string[])[]): Promise<string[]> {
  const found: string[] = [];
  for (const call of calls) {
    const { stdout, stderr } = await workspace.run(...call);
    for (const each of acting(stdout + stderr)) found.push(`${call[0]}: ${each}`);
    expect.soft(stderr).not.toContain('a defect of sluice');
  }
  return found;
}

function ground(): ScratchWorkspace {
  return new ScratchWorkspace({ 'sluice.yaml': settings, [file]: values });
}

describe('nothing that anybody wrote acts on the terminal', () => {
  it.each(Object.entries(places))('%s', async (_, write) => {
    const workspace = ground();
    write(workspace);
    expect(await actingIn(workspace, [['validate'], ['diff'], ['status'], ['evaluate', '--dry-run']])).toEqual([]);
    workspace.commit({});
    expect(await actingIn(workspace, commands)).toEqual([]);
  });

  it('words of the command line', async () => {
    expect(await actingIn(ground(), words)).toEqual([]);
  });

  it('the answer of a metric server', async () => {
    const server = createServer((_, response) => {
      response.writeHead(400).end(JSON.stringify({ status: 'error', errorType: hostile, error: hostile }));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const workspace = ground();
    const { port } = server.address() as AddressInfo;
    workspace.commit({ 'sluice.yaml': `metrics: {source: prometheus, url: 'http://127.0.0.1:${port}'}\n` });
    const { stdout, stderr } = await workspace.run('evaluate');
    expect(stdout + stderr).toContain('Cannot query Prometheus');
    expect(acting(stdout + stderr)).toEqual([]);
  });

  it('the words of a git server', async () => {
    const workspace = ground();
    const server = new ScratchRepository();
    server.git('config', 'core.bare', 'true');
    const words = join(server.root, 'words');
    writeFileSync(words, `${hostile}\n::set-output name=a::b\n`);
    server.hook('pre-receive', `cat ${words} >&2; exit 1`);
    workspace.git('remote', 'add', 'origin', server.root);
    server.git('config', 'receive.denyCurrentBranch', 'ignore');
    workspace.git(
      'push',
      '-q',
      '--no-verify',
      '--receive-pack=git -c core.hooksPath=/dev/null receive-pack',
      'origin',
      'main',
    );
    workspace.commit({ 'sluice.yaml': 'git: {backend: push}\n' });
    workspace.git('push', '-q', '--receive-pack=git -c core.hooksPath=/dev/null receive-pack', 'origin', 'main');
    const { code, stderr, stdout } = await workspace.run('pause', 'reviews');
    expect(code).toBe(2);
    expect(stderr).toContain('set-output');
    expect(acting(stdout + stderr)).toEqual([]);
  });

  it('on a terminal nothing but colours of our own', async () => {
    const workspace = ground();
    places['a key of the values']?.(workspace);
    places['the author of a commit']?.(workspace);
    for (const call of [['status'], ['history'], ['diff'], ['validate'], ['status', hostile]]) {
      let text = '';
      const write = (part: string) => {
        text += part;
      };
      const stream = { isTTY: true, columns: 120, write };
      const { repository } = workspace;
      await run(call, { stdin: process.stdin, stdout: stream, stderr: stream, cwd: repository.root, now: () => 1e9 });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they start with.
      expect(acting(text.replace(/\x1b\[(0|1|2|31|32|33|36)m/g, ''))).toEqual([]);
    }
  });
});

it('a line of others is no command to the runner of a workflow', async () => {
  const workspace = ground();
  workspace.write('releases/a\n::set-output name=x::y\n##[add-mask]e\nb/values.yaml', 'a: [');
  for (const call of [['validate'], ['validate', '-o', 'github'], ['diff'], ['evaluate'], ['synth']]) {
    const { stdout, stderr } = await workspace.run(...call);
    expect(stdout + stderr).toContain('set-output');
    expect(stdout + stderr).not.toMatch(/^\s*::(?!error |warning |notice )|##\[/m);
  }
});

it('JSON says the same with its escapes', () => {
  const text = JSON.stringify({ [hostile]: [hostile, '##[group]'] }, null, 2);
  expect(acting(visible(text))).toEqual([]);
  expect(JSON.parse(visible(text))).toEqual(JSON.parse(text));
});
