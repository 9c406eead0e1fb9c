import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder } from '../cli/workspace.js';
import { type HttpServer, serveRepositories } from '../gitops/http-server.js';

const token = 'pl4nted-T0ken+of/git=';
const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
const password = 'pl4nted-Passw0rd';
const forms = [token, basic, encodeURIComponent(token), password, Buffer.from(`me:${password}`).toString('base64')];

let http: HttpServer;
let elsewhere: HttpServer;

beforeAll(async () => {
  http = await serveRepositories('/');
  elsewhere = await serveRepositories('/');
});
afterEach(() => {
  http.obstacle = undefined;
  vi.unstubAllEnvs();
});
afterAll(() => Promise.all([http.close(), elsewhere.close()]));

async function ground(where: 'env' | 'file'): Promise<ScratchWorkspace> {
  const secret = join(scratchFolder(), 'token');
  writeFileSync(secret, `${token}\n`);
  vi.stubEnv('PLANTED', token);
  const place = where === 'env' ? '{env: PLANTED}' : `{file: ${JSON.stringify(secret)}}`;
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': `metrics: {source: prometheus, url: 'http://127.0.0.1:1'}\ngit: {backend: push, token: ${place}}\n`,
    'releases/reviews/values.yaml': reviewsValues + evaluationValues,
  });
  const server = join(scratchFolder(), 'releases.git');
  mkdirSync(server);
  execFileSync('git', ['init', '-q', '--bare', '--initial-branch=main', server]);
  execFileSync('git', ['config', 'http.receivepack', 'true'], { cwd: server });
  workspace.git('remote', 'add', 'origin', http.url + server);
  workspace.git('push', '-q', server, 'main');
  return workspace;
}

const calls = [
  ['pause', 'reviews'],
  ['resume', 'reviews', '-o', 'json'],
  ['candidate', 'reviews', '--image', 'registry.example/reviews:v3'],
  ['rollback', 'reviews', '--to', 'HEAD~1'],
  ['freeze'],
  ['evaluate', '-o', 'json'],
  ['status', '-o', 'json'],
  ['history', '-v'],
  ['validate', '-o', 'json'],
  ['diff', '-o', 'json'],
];

async function wordsOf(workspace: ScratchWorkspace): Promise<string> {
  const ended = [];
  for (const call of calls) ended.push(await workspace.run(...call));
  return JSON.stringify(ended);
}

/** Every file of a folder, reflogs and settings of git among them, and what packs hold. */
function kept(workspace: ScratchWorkspace): string {
  const { folder } = workspace;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  const texts = files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'latin1'));
  return [...texts, workspace.git('log', '-p', '--all'), workspace.git('reflog')].join('\n');
}

function expectNone(text: string): void {
  expect(forms.filter((form) => text.includes(form))).toEqual([]);
}

describe.each(['env', 'file'] as const)('a token from %s', (where) => {
  it('is nowhere but at the server, in no process either', async () => {
    const workspace = await ground(where);
    const processes: string[] = [];
    http.obstacle = (request) => {
      processes.push(commandLines());
      expect(request.url).not.toContain('pl4nted');
      return false;
    };
    expectNone((await wordsOf(workspace)) + kept(workspace));
    expect(http.requests.some(({ headers }) => headers.authorization === `Basic ${basic}`)).toBe(true);
    expect(processes.join()).toContain('git');
    expectNone(processes.join());
  });

  it('is taken out of what a server repeats of it', async () => {
    const workspace = await ground(where);
    http.obstacle = (request, response) => {
      const text = `no: ${request.headers.authorization} ${token} ${encodeURIComponent(token)}\n`;
      response.writeHead(403, { 'content-type': 'text/plain' }).end(text);
      return true;
    };
    const words = await wordsOf(workspace);
    expect(words).toContain('***');
    expectNone(words + kept(workspace));
  });

  it('goes to no other server that the first one sends git to', async () => {
    const workspace = await ground(where);
    http.obstacle = (request, response) => {
      response.writeHead(302, { location: elsewhere.url + request.url }).end();
      return true;
    };
    const before = elsewhere.requests.length;
    expect(await wordsOf(workspace)).toContain('git remote set-url');
    const heard = elsewhere.requests.slice(before).map(({ headers }) => headers.authorization ?? '');
    expect(heard.filter((each) => each.includes(basic))).toEqual([]);
  });
});

it('credentials in metrics.url are in no output of a pass, whatever the server says', async () => {
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': `metrics: {source: prometheus, url: 'http://me:${password}@${http.url.slice('http://'.length)}/'}\n`,
    'releases/reviews/values.yaml': reviewsValues + evaluationValues,
  });
  http.obstacle = (request, response) => {
    response.writeHead(500).end(`${request.headers.authorization} ${password}`);
    return true;
  };
  expectNone(await wordsOf(workspace));
  expectNone(workspace.git('log', '--format=%B'));
});

const metricsKey = 'pl4nted-metrics-K3y';
const pair = Buffer.from(`me:${metricsKey}`).toString('base64');

it.each([
  ['a bearer token', 'auth: {bearer: {env: PLANTED}}', `Bearer ${metricsKey}`],
  ['a password', 'auth: {basic: {user: me, password: {env: PLANTED}}}', `Basic ${pair}`],
  ['a header', 'headers: {Authorization: {env: PLANTED}}', metricsKey],
])('%s of metrics is nowhere but at the server, whatever it says', async (_, access, authorization) => {
  vi.stubEnv('PLANTED', metricsKey);
  for (const source of ['prometheus', "http-json, traffic: {requests: a, errors: '$error(a)', latencySum: c}"]) {
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': `metrics: {source: ${source}, url: '${http.url}/', ${access}}\n`,
      'releases/reviews/values.yaml': reviewsValues + evaluationValues,
    });
    for (const status of [200, 401, 302]) {
      http.obstacle = (request, response) => {
        const { authorization: sent = '' } = request.headers;
        response.writeHead(status, status === 302 ? { location: `${elsewhere.url}/${metricsKey}` } : {});
        response.end(JSON.stringify({ status: 'error', errorType: sent, error: `${metricsKey} ${pair}`, a: sent }));
        return true;
      };
      const before = elsewhere.requests.length;
      const ended = [];
      for (const call of [
        ['evaluate', '-o', 'json'],
        ['status', '--live'],
        ['metrics', 'reviews', '--try'],
      ]) {
        ended.push(await workspace.run(...call));
      }
      const text = JSON.stringify(ended) + kept(workspace);
      expect([metricsKey, pair].filter((form) => text.includes(form))).toEqual([]);
      expect(elsewhere.requests).toHaveLength(before);
    }
    expect(http.requests.at(-1)?.headers.authorization).toBe(authorization);
  }
});

function commandLines(): string {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map((id) => read(`/proc/${id}/cmdline`)).join('\n');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
