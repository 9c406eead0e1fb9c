import { execFile, execFileSync } from 'node:child_process';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchWorkspace, scratchFolder } from '../../cli/workspace.js';
import { cloneOf } from '../../gitops/grounds.js';
import { type HttpServer, serveRepositories } from '../../gitops/http-server.js';
import { GithubContract } from './github-contract.js';
import { FakeGithub } from './github-fake.js';

const program = fileURLToPath(new URL('../../../dist/bin/sluice.js', import.meta.url));
const minted = 'ghs_Q29tbWFuZExpbmVPZlNsdWljZQ';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
const secrets = [minted, Buffer.from(`x-access-token:${minted}`).toString('base64'), `${key.split('\n')[3]}`];
const releases = ['cart', 'orders', 'reviews', 'search'];

let http: HttpServer;
let fake: FakeGithub | undefined;

beforeAll(async () => {
  http = await serveRepositories('/');
});
afterAll(async () => {
  await http.close();
  await fake?.stop();
});

describe('sluice, built, with the backend github and an app', () => {
  it('commits once for each of four processes that race, and shows its secrets to nobody', async () => {
    const { server, git, api } = await ground();
    const seen: string[] = [];
    api.before = () => void seen.push(...commandLines());
    const copies = releases.map((name) => ({ name, copy: cloneOf(server, http.url + server) }));
    const ended = await Promise.all(copies.map(({ name, copy }) => candidate(name, copy.root)));

    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    expect(api.faults).toEqual([]);
    expect(git('log', '--format=%s', 'main').split('\n').sort()).toEqual([
      ...releases.map((name) => `chore(${name}): add candidate ${name}-v9`),
      'chore: ground',
    ]);
    expect(git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    for (const { name, copy } of copies) {
      expect(copy.git('status', '--porcelain')).toBe('');
      expect(copy.git('log', '--format=%s')).toContain(`chore(${name})`);
    }
    expect(seen.length).toBeGreaterThan(100);
    const found = [...seen, ...ended.map(({ words }) => words), git('log', '-p', 'main')];
    found.push(...http.requests.map(({ url = '' }) => url), ...api.asked.map(({ path, body }) => path + body));
    found.push(...copies.flatMap(({ copy }) => textsBelow(join(copy.root, '.git'))));
    expect(found.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
  });
});

async function ground() {
  const values = (name: string) => `environment: istio
application:
  port: 9080
  versions:
  - metadata: {name: ${name}-v1}
    image: registry.example/${name}:v1
`;
  const workspace = await ScratchWorkspace.rendered(
    Object.fromEntries(releases.map((name) => [`releases/${name}/values.yaml`, values(name)])),
  );
  const keyFile = join(scratchFolder(), 'app.pem');
  writeFileSync(keyFile, key);
  const server = join(scratchFolder(), 'cells.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', server]);
  const api = await FakeGithub.start(server, new GithubContract(), {
    tokens: [minted],
    signIn(authorization) {
      const [, claims = '', signature = ''] = /^bearer (.+)\.(.+)$/.exec(authorization) ?? [];
      return createVerify('RSA-SHA256').update(claims).verify(publicKey, signature, 'base64url') ? minted : undefined;
    },
  });
  fake = api;
  const app = `{id: Iv23liAbc, installation: 678, key: {file: ${keyFile}}}`;
  workspace.write('sluice.yaml', `git: {backend: github, url: "${api.url}", repository: ada/cells, app: ${app}}\n`);
  workspace.git('add', '--all');
  workspace.git('commit', '--quiet', '--message', 'chore: ground');
  const tree = workspace.git('rev-parse', 'HEAD^{tree}');
  const first = workspace.git('commit-tree', tree, '-m', 'chore: ground');
  workspace.git('push', '--quiet', server, `${first}:refs/heads/main`);
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: server, encoding: 'utf8' }).trim();
  return { server, git, api };
}

/** Tries again where four others were faster time and again, as a person would. */
async function candidate(name: string, cwd: string): Promise<{ code: number; words: string }> {
  const args = [program, 'candidate', name, '--image', `registry.example/${name}:v9`];
  let words = '';
  for (;;) {
    const { error, text } = await new Promise<{ error: (Error & { code?: unknown }) | null; text: string }>((resolve) =>
      execFile(process.execPath, args, { cwd }, (failure, stdout, stderr) =>
        resolve({ error: failure, text: stdout + stderr }),
      ),
    );
    words += text;
    if (error === null) return { code: 0, words };
    if (!text.includes('before somebody else does')) return { code: Number(error.code ?? 1), words };
  }
}

/** Of every process that this one may see. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
}

function textsBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
