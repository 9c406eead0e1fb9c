import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../cli/workspace.js';
import { root } from '../docs/pages.js';
import { programOf } from '../program.js';

const file = 'releases/reviews/values.yaml';

/** Counts whoever connects to a port of this machine. */
async function listen(): Promise<{ readonly port: number; readonly calls: () => number }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as { port: number }).port, calls: () => calls };
}

it('validate, diff and synth of a request from a fork ask no server and read no secret', async () => {
  const { port, calls } = await listen();
  vi.stubEnv('GITHUB_TOKEN', 'ghs_planted0123456789');
  onTestFinished(() => void vi.unstubAllEnvs());
  const url = `http://127.0.0.1:${port}`;
  const settings = [
    `metrics: {source: prometheus, url: '${url}'}`,
    `git: {backend: github, url: '${url}', repository: a/b, token: {env: GITHUB_TOKEN}}`,
    `notifications: [{kind: webhook, url: {env: GITHUB_TOKEN}}]`,
  ].join('\n');
  const workspace = new ScratchWorkspace({ 'sluice.yaml': 'namespace: default\n', [file]: reviewsValues });
  workspace.git('config', 'remote.origin.url', `${url}/x.git`);
  workspace.commit({ 'sluice.yaml': `${settings}\n`, [file]: reviewsValues + evaluationValues });
  const calling = [
    ['validate'],
    ['validate', '--against', 'HEAD~1'],
    ['validate', '-o', 'github'],
    ['diff', '--against', 'HEAD~1'],
    ['diff', '--against', 'HEAD~1', '-o', 'markdown'],
    ['synth'],
    ['history'],
    ['status'],
  ];
  for (const call of calling) {
    const { stdout, stderr } = await workspace.run(...call);
    expect.soft(stdout + stderr).not.toContain('planted');
    expect.soft(stdout + stderr).not.toContain('a defect of sluice');
  }
  expect(calls()).toBe(0);
  // The port counts: a pass asks.
  workspace.commit({ 'sluice.yaml': `metrics: {source: prometheus, url: '${url}'}\n` });
  await workspace.run('evaluate');
  expect(calls()).toBeGreaterThan(0);
});

it('no part of the workspace is run as a program', async () => {
  const workspace = new ScratchWorkspace({ [file]: reviewsValues });
  const trap = 'require("node:fs").writeFileSync("pwned", "")\n';
  for (const path of [
    'sluice.config.js',
    'sluice.js',
    'index.js',
    'node_modules/yaml/index.js',
    'node_modules/zod/index.js',
    'cdk8s.js',
    'main.js',
    'releases/reviews/index.js',
  ]) {
    workspace.write(path, trap);
  }
  workspace.write('package.json', '{"main": "index.js", "type": "commonjs", "scripts": {"prepare": "touch pwned"}}\n');
  workspace.write('.npmrc', 'script-shell=/bin/false\n');
  const program = programOf(new URL('../../src/bin.ts', import.meta.url));
  const calls = [['validate'], ['diff'], ['synth'], ['status'], ['evaluate', '--dry-run']];
  const ended = calls.map((call) => spawnSync(process.execPath, [program, ...call], { cwd: workspace.folder }).status);
  // The last one is refused, for there is no source of metrics.
  expect(ended).toEqual([0, 0, 0, 0, 2]);
  expect(workspace.exists('pwned')).toBe(false);
  expect(execFileSync('ls', [workspace.folder], { encoding: 'utf8' })).toContain('rendered');
});

it('no template of a workflow runs with the secrets of a repository on a request from a fork', () => {
  const files = readdirSync(join(root, 'templates'), { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((path) => /\.(ya?ml|md)$/.test(path))
    .map((path) => readFileSync(join(root, 'templates', path), 'utf8'));
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.md'),
  );
  const blocks = pages
    .flatMap((path) => [...readFileSync(join(root, 'docs', path), 'utf8').matchAll(/^```ya?ml\n(.*?)^```$/gms)])
    .map(([, text = '']) => text);
  const workflows = [...texts, ...blocks].filter((text) => /^on:/m.test(text) && /^jobs:/m.test(text));
  expect(workflows.length).toBeGreaterThan(0);
  for (const text of workflows) {
    expect(text).not.toMatch(/^\s*(pull_request_target|workflow_run):?/m);
    if (/^\s*pull_request:?/m.test(text) || /^on: *\[?pull_request/m.test(text)) {
      expect(text).toMatch(/^permissions:/m);
      expect(text).not.toMatch(/secrets\./);
      expect(text).not.toMatch(/run:.*\$\{\{ *github\.(event|head_ref)/);
    }
  }
});
