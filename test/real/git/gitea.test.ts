import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Clone } from './clone.js';
import { Gitea, type GiteaRepository } from './gitea.js';
import { type SshIdentity, sshIdentity } from './ssh.js';

interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly head: { readonly sha: string };
}

let gitea: Gitea;
let identity: SshIdentity;

/** In place of the settings of git that are the user's own. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-gitconfig-'));
const settings = join(folder, 'gitconfig');

beforeAll(async () => {
  writeFileSync(settings, '[user]\n\tname = Ada\n');
  vi.stubEnv('GIT_CONFIG_GLOBAL', settings);
  identity = sshIdentity();
  gitea = await Gitea.start();
  await gitea.addKey(identity.publicKey);
});

afterAll(async () => {
  await gitea?.stop();
  identity.remove();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Credentials as settings of git that are in no URL. */
const withToken = () => ({
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'http.extraHeader',
  GIT_CONFIG_VALUE_0: `Authorization: token ${gitea.ada.token}`,
});

async function pushed(repository: GiteaRepository) {
  const clone = await Clone.of(repository.url, withToken());
  const commit = await clone.commit('a.txt', 'one\n');
  await clone.git('push', '--quiet', 'origin', 'main');
  return { clone, commit };
}

describe('Gitea', () => {
  test('takes a push over http, and gives it to the next clone and to its API', async () => {
    const repository = await gitea.addRepository('http');
    const { clone, commit } = await pushed(repository);
    const other = await Clone.of(repository.url, withToken());
    expect(await other.git('rev-parse', 'HEAD')).toBe(commit);
    expect(await gitea.ask('GET', `/repos/${repository.name}/branches/main`)).toMatchObject({ commit: { id: commit } });
    for (const each of [clone, other]) each.remove();
  });

  test('leaves the settings of git alone that are not its own', () => {
    expect(readFileSync(settings, 'utf8')).toBe('[user]\n\tname = Ada\n');
  });

  test('lets nobody in without credentials', async () => {
    const repository = await gitea.addRepository('closed');
    await expect(Clone.of(repository.url)).rejects.toThrow('could not read Username');
    const nobody = { name: 'nobody', token: '0'.repeat(40) };
    expect((await gitea.tryAsk('GET', `/repos/${repository.name}`, undefined, nobody)).status).toBe(401);
  });

  test('opens, lists and closes a pull request', async () => {
    const repository = await gitea.addRepository('pulls');
    const { clone } = await pushed(repository);
    await clone.git('switch', '--quiet', '--create', 'step');
    const sha = await clone.commit('a.txt', 'two\n');
    await clone.git('push', '--quiet', 'origin', 'step');
    const pulls = `/repos/${repository.name}/pulls`;
    const asked = { title: 'candidate 20 %', head: 'step', base: 'main' };
    const { number } = await gitea.ask<PullRequest>('POST', pulls, asked);
    expect((await gitea.tryAsk('POST', pulls, asked)).status).toBe(409);
    const open = await gitea.ask<PullRequest[]>('GET', `${pulls}?state=open`);
    expect(open).toMatchObject([{ number, title: 'candidate 20 %', state: 'open', head: { sha } }]);
    await gitea.ask('PATCH', `${pulls}/${number}`, { state: 'closed' });
    expect(await gitea.ask('GET', `${pulls}?state=open`)).toEqual([]);
    clone.remove();
  });

  test('merges what another person has approved', async () => {
    const repository = await gitea.addRepository('reviewed');
    const { clone } = await pushed(repository);
    await clone.git('push', '--quiet', 'origin', 'main:refs/heads/step');
    await clone.git('switch', '--quiet', '--create', 'step');
    const sha = await clone.commit('a.txt', 'two\n');
    await clone.git('push', '--quiet', 'origin', 'step');
    const bob = await gitea.addUser('bob');
    await gitea.ask('PUT', `/repos/${repository.name}/collaborators/bob`, { permission: 'write' });
    const protection = { rule_name: 'main', enable_push: false, required_approvals: 1 };
    await gitea.ask('POST', `/repos/${repository.name}/branch_protections`, protection);
    expect((await clone.tryGit('push', 'origin', 'step:main')).stderr).toContain('protected branch');
    const { number } = await gitea.ask<PullRequest>('POST', `/repos/${repository.name}/pulls`, {
      title: 'candidate 35 %',
      head: 'step',
      base: 'main',
    });
    const pull = `/repos/${repository.name}/pulls/${number}`;
    await gitea.ask('POST', `${pull}/reviews`, { event: 'APPROVED', commit_id: sha }, bob);
    await expect.poll(() => mergeStatus(pull), { timeout: 20_000, interval: 200 }).toBe(200);
    await clone.git('fetch', '--quiet', 'origin');
    expect(await clone.git('show', 'origin/main:a.txt')).toBe('two');
    clone.remove();
  });

  test('takes a push over ssh from the key that it knows, and from no other', async () => {
    const repository = await gitea.addRepository('ssh');
    const clone = await Clone.of(repository.sshUrl, { GIT_SSH_COMMAND: identity.command });
    const commit = await clone.commit('a.txt', 'one\n');
    await clone.git('push', '--quiet', 'origin', 'main');
    const known = readFileSync(identity.knownHostsFile, 'utf8');
    expect(known).toContain(`[127.0.0.1]:${gitea.sshPort}`);
    expect(await gitea.ask('GET', `/repos/${repository.name}/branches/main`)).toMatchObject({ commit: { id: commit } });
    const stranger = sshIdentity();
    await expect(Clone.of(repository.sshUrl, { GIT_SSH_COMMAND: stranger.command })).rejects.toThrow(
      'Permission denied',
    );
    stranger.remove();
    clone.remove();
  });
});

/** Gitea finds out some time after the approval that a request can be merged. */
async function mergeStatus(pull: string): Promise<number> {
  return (await gitea.tryAsk('POST', `${pull}/merge`, { Do: 'merge' })).status;
}
