import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Mesh } from '../cli/mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder } from '../cli/workspace.js';
import { programOf } from '../program.js';
import { type Answer, Listener, status } from './listener.js';

const values = reviewsValues + evaluationValues;
const hook = 'notifications: [{kind: webhook, url: {env: SLUICE_TEST_HOOK}}]\n';

afterEach(() => vi.unstubAllEnvs());

async function ground(...answers: Answer[]) {
  const server = await Listener.start(...answers);
  vi.stubEnv('SLUICE_TEST_HOOK', server.url);
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.3 });
  const files = { 'sluice.yaml': mesh.project + hook, 'releases/reviews/values.yaml': values };
  return { server, mesh, workspace: await ScratchWorkspace.rendered(files) };
}

describe('evaluate and notifications', () => {
  it('tells of a decision once its commit is there', async () => {
    const seen: string[] = [];
    const { server, mesh, workspace } = await ground((response) => {
      seen.push(workspace.head);
      response.end();
    });
    const { code, stdout, stderr } = await mesh.pass(workspace, '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).notifications).toEqual([{ kind: 'webhook', delivered: true, messages: 1 }]);
    expect(seen).toEqual([workspace.head]);
    await mesh.pass(workspace);
    expect(server.bodies).toMatchObject([
      { event: 'advance', release: 'reviews', candidate: 'reviews-v2', summary: 'candidate reviews-v2 0 % → 5 %' },
      { event: 'roll back', summary: 'roll back reviews-v2 5 % → 0 %', commit: workspace.head, link: '' },
    ]);
    expect((await mesh.pass(workspace)).stdout).toContain('nothing to decide');
    expect(server.heard).toHaveLength(2);
  });

  it('fails no pass, and says in a line who was not told', async () => {
    const { mesh, workspace } = await ground(status(404, {}, 'no such hook'));
    const { code, stdout, stderr } = await mesh.pass(workspace, '-o', 'json');
    const error = 'the server answers 404: no such hook';
    expect({ code, stderr }).toEqual({ code: 0, stderr: `sluice: not notified by webhook: ${error}\n` });
    expect(JSON.parse(stdout)).toMatchObject({
      decisions: [{ kind: 'advance', commit: workspace.head }],
      notifications: [{ kind: 'webhook', delivered: false, error }],
    });
  });

  it('tells nobody of a dry run', async () => {
    const { server, mesh, workspace } = await ground();
    expect(JSON.parse((await mesh.pass(workspace, '--dry-run', '-o', 'json')).stdout).notifications).toEqual([]);
    expect(server.heard).toEqual([]);
  });

  it('tells of a release that cannot run once, and of what is wrong in its file', async () => {
    const { server, mesh, workspace } = await ground();
    workspace.replace('releases/reviews/values.yaml', 'weight: 100', 'wieght: 100');
    workspace.commit({});
    expect((await mesh.pass(workspace)).code).toBe(2);
    expect((await mesh.pass(workspace)).code).toBe(2);
    expect(server.bodies).toMatchObject([
      { event: 'failure', releases: ['reviews'], reason: expect.stringMatching(/values\.yaml:\d+ .*is no known key$/) },
    ]);
  });
});

describe('evaluate where git lets no pass begin', () => {
  it('tells of that once, and not again of what it could not look at', async () => {
    const { server, mesh, workspace } = await ground();
    workspace.replace('sluice.yaml', mesh.project, 'metrics: {source: prometheus, url: "http://127.0.0.1:1"}\n');
    workspace.commit({});
    await mesh.pass(workspace);
    workspace.write('sluice.yaml', `${workspace.read('sluice.yaml')}# edited\n`);
    const { code, stderr } = await mesh.pass(workspace);
    expect(code).toBe(2);
    expect(stderr).toContain('as a clean working tree');
    await mesh.pass(workspace);
    workspace.git('checkout', 'sluice.yaml');
    await mesh.pass(workspace);
    expect(server.bodies).toMatchObject([
      { event: 'failure', release: 'reviews', code: 'source/unreachable' },
      { event: 'failure', release: 'sluice', summary: 'no release could be evaluated', code: 'git/dirty' },
    ]);
    expect((await mesh.pass(workspace, 'nowhere')).code).toBe(2);
    expect(server.heard).toHaveLength(2);
  });
});

const secrets = ['T0pl4nted0path', 'pl4nted0query0', 'pl4nted0header0', 'ghp_pl4nted0token'];

describe('secrets of notifications', () => {
  it('are nowhere but in the requests: not in output, errors, processes or the repository', async () => {
    const processes: string[] = [];
    const server = await Listener.start((response, { path, headers }) => {
      processes.push(commandLines());
      // What a server repeats is not to be given away either, in whatever form.
      const echo = JSON.stringify({ path, parts: path.split(/[/?=]/), ...headers });
      response.writeHead(400).end(`${headers.authorization} ${echo}`);
    });
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': `metrics: {source: prometheus, url: "http://127.0.0.1:1"}
git: {backend: push, url: "${server.url}/api/v3", repository: ada/cells}
notifications:
- {kind: slack, url: {env: SLACK_URL}}
- {kind: slack, url: {env: NOT_SAFE}}
- {kind: webhook, url: {file: hook-url}, headers: {Authorization: {env: HEADER}}}
- {kind: webhook, url: {env: SLACK_URL}, headers: {Authorization: {env: BAD_HEADER}}}
- {kind: github-status, token: {env: TOKEN}}
`,
      'releases/reviews/values.yaml': values,
    });
    const bare = join(scratchFolder(), 'server.git');
    workspace.git('init', '--quiet', '--bare', bare);
    workspace.git('remote', 'add', 'origin', bare);
    workspace.git('push', '--quiet', 'origin', 'main');
    workspace.write('hook-url', `${server.url}/hooks/${secrets[0]}?key=${secrets[1]}\n`);
    const { code, output } = await evaluate(workspace.folder, {
      SLACK_URL: `${server.url}/services/${secrets[0]}/x`,
      NOT_SAFE: `http://hooks.example/${secrets[0]}`,
      HEADER: `Bearer ${secrets[2]}`,
      BAD_HEADER: `Bearer ${secrets[2]} é`,
      TOKEN: secrets[3],
    });
    expect(code, output).toBe(2);
    expect(output.match(/not notified by/g)).toHaveLength(4);
    expect(server.heard.map(({ path }) => path).sort()).toEqual([
      `/hooks/${secrets[0]}?key=${secrets[1]}`,
      `/services/${secrets[0]}/x`,
    ]);
    expect(server.heard.some(({ headers }) => headers.authorization === `Bearer ${secrets[2]}`)).toBe(true);
    expect(processes.join()).toContain('bin.mjs');
    const kept = filesBelow(workspace.folder).filter(([path]) => !path.endsWith('/hook-url'));
    for (const secret of secrets) {
      expect(output).not.toContain(secret);
      expect(processes.join()).not.toContain(secret);
      expect(kept.filter(([, text]) => text.includes(secret))).toEqual([]);
    }
  });
});

/** Runs the program as a process of its own. */
function evaluate(cwd: string, env: Record<string, string | undefined>): Promise<{ code: number; output: string }> {
  const args = [programOf(new URL('../../src/bin.ts', import.meta.url)), 'evaluate', '-o', 'json'];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd, env: { ...process.env, ...env } }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

function commandLines(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

function filesBelow(folder: string): [path: string, text: string][] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, readFileSync(path, 'latin1')];
  });
}
