import { createVerify, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { redact } from '../../../src/secret.js';
import { change, planOf, publish } from '../../gitops/conformance/backend-suite.js';
import { type HttpServer, serveRepositories } from '../../gitops/http-server.js';
import { scratchFolder } from '../../gitops/scratch-repository.js';
import type { Accounts } from './github-fake.js';
import { type GithubGround, githubGround, githubToken } from './github-ground.js';

const files = { 'r/a.yaml': 'weight: 0\n' };
const plan = planOf('one', [change('r/a.yaml', '1\n')]);
const minted = 'ghs_SW5zdGFsbGF0aW9uT2ZTbHVpY2U';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** As GitHub gives it. */
const pem = keys.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;

/** The app 12345 on the installation 678. */
const app: Accounts = {
  tokens: [minted],
  signIn(authorization, installation) {
    const [, head = '', claims = '', signature = ''] = /^bearer (.+)\.(.+)\.(.+)$/.exec(authorization) ?? [];
    const isOurs = createVerify('RSA-SHA256')
      .update(`${head}.${claims}`)
      .verify(keys.publicKey, signature, 'base64url');
    const { iss, exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}');
    return isOurs && `${iss}` === '12345' && exp - iat <= 600 && installation === '678' ? minted : undefined;
  },
};

let http: HttpServer;

beforeAll(async () => {
  http = await serveRepositories('/');
});
afterAll(() => http.close());
afterEach(() => {
  vi.unstubAllEnvs();
  http.obstacle = undefined;
});

/** Only who has the token may fetch. */
function demand(token: string): void {
  const basic = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  http.obstacle = (request, response) => {
    if (request.headers.authorization === basic) return false;
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="GitHub"' }).end();
    return true;
  };
}

function keyFile(text: string): { file: string } {
  const file = join(scratchFolder(), 'app.pem');
  writeFileSync(file, text);
  return { file };
}

function appGround(key: { file: string } | { env: string }, installation = 678): Promise<GithubGround> {
  const settings = { token: undefined, app: { id: 12345, installation, key } };
  return githubGround(files, { settings, accounts: app, url: (server) => http.url + server });
}

describe('github signs in', () => {
  it('by git.token, to the API and to git', async () => {
    const ground = await githubGround(files, { url: (server) => http.url + server });
    demand(githubToken);
    await publish(ground.backend, [plan]);
    expect(ground.git('rev-list', '--count', 'main')).toBe('2');
    expect(ground.copy.read('r/a.yaml')).toBe('1\n');
    expect(ground.copy.read('.git/config')).not.toContain(githubToken);
  });

  it('by the token of a workflow, whose checkout has left it to git too', async () => {
    vi.stubEnv('GITHUB_TOKEN', githubToken);
    const ground = await githubGround(files, { settings: { token: undefined }, url: (server) => http.url + server });
    const basic = Buffer.from(`x-access-token:${githubToken}`).toString('base64');
    ground.copy.git('config', `http.${http.url}/.extraheader`, `AUTHORIZATION: basic ${basic}`);
    demand(githubToken);
    await publish(ground.backend, [plan]);
    expect(ground.git('rev-list', '--count', 'main')).toBe('2');
  });

  it('with no workflow token to a host that is not of the API', async () => {
    vi.stubEnv('GITHUB_TOKEN', githubToken);
    const elsewhere = http.url.replace('127.0.0.1', 'localhost');
    const ground = await githubGround(files, { settings: { token: undefined }, url: (server) => elsewhere + server });
    const before = http.requests.length;
    await publish(ground.backend, [plan]);
    const asked = http.requests.slice(before);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  it('by an app, with the key of a file', async () => {
    const ground = await appGround(keyFile(pem));
    demand(minted);
    await publish(ground.backend, [plan]);
    expect(ground.fake.operations().filter((each) => each === 'token')).toHaveLength(1);
    expect(ground.fake.faults).toEqual([]);
    expect(ground.git('rev-list', '--count', 'main')).toBe('2');
    expect(redact(`a ${minted} and a ${pem.split('\n')[3]}`)).toBe('a *** and a ***');
  });

  it('by an app, with a key of one line in a variable', async () => {
    vi.stubEnv('APP_KEY', pem.trim().replaceAll('\n', '\\n'));
    const ground = await appGround({ env: 'APP_KEY' });
    await publish(ground.backend, [plan]);
    expect(ground.git('rev-list', '--count', 'main')).toBe('2');
  });

  it.each([
    ['no token', { token: undefined }, 'git/no-secret', 'Set GITHUB_TOKEN'],
    ['an empty file', { token: keyFile('\n') }, 'git/no-secret', 'Mount the file'],
    ['a wrong token', { token: keyFile('ghp_wrongwrongwrong') }, 'git/unauthorized', 'Renew the token'],
    [
      'a key that is none',
      { token: undefined, app: { id: 1, installation: 678, key: keyFile('no key at all') } },
      'git/bad-key',
      '.pem',
    ],
    [
      'a key of another app',
      { token: undefined, app: { id: 1, installation: 678, key: keyFile(pem) } },
      'git/unauthorized',
      'git.app',
    ],
  ])('or says what is wrong with %s', async (_, settings, code, hint) => {
    vi.stubEnv('GITHUB_TOKEN', undefined);
    const ground = await githubGround(files, { settings, accounts: { ...app, tokens: [githubToken] } });
    const error = await publish(ground.backend, [plan]).catch((each) => each);
    expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect(`${error.message} ${error.stack}`).not.toMatch(/ghp_wrong|no key at all|PRIVATE KEY/);
    expect(ground.git('rev-list', '--count', 'main')).toBe('1');
  });

  it('and goes nowhere else when the API sends it there', async () => {
    const ground = await githubGround(files);
    ground.fake.trouble('get ref', {
      status: 302,
      headers: { location: `${http.url}/stolen` },
      body: { message: 'Found' },
    });
    const before = http.requests.length;
    await expect(publish(ground.backend, [plan])).rejects.toMatchObject({ code: 'git/redirected' });
    expect(http.requests).toHaveLength(before);
  });
});
