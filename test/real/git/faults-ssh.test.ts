import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { backendSuite, publish, signingSuite } from '../../gitops/conformance/backend-suite.js';
import { pusher, pushGround } from '../../gitops/grounds.js';
import { change, planOf } from '../../gitops/plans.js';
import { Gitea } from './gitea.js';
import { type SshIdentity, sshIdentity } from './ssh.js';

const gpg = 'gpg';
const gpgConf = 'gpgconf';

let gitea: Gitea;
let identity: SshIdentity;
let turn = 0;

beforeAll(async () => {
  identity = sshIdentity();
  gitea = await Gitea.start();
  await gitea.addKey(identity.publicKey);
  vi.stubEnv('GIT_SSH_COMMAND', identity.command);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await gitea?.stop();
  identity?.remove();
});

/** A ground whose server is a repository of Gitea's, asked over ssh alone. */
async function ground(files: { readonly [path: string]: string }) {
  const { sshUrl } = await gitea.addRepository(`ssh-${turn++}`);
  return pushGround(files, { hosted: sshUrl });
}

backendSuite('push over ssh to Gitea', ground);
signingSuite('push over ssh to Gitea', ground);

describe('push over ssh', () => {
  test('says what to do where the server knows no such key', async () => {
    const { copy } = await ground({ a: '1\n' });
    const stranger = sshIdentity();
    copy.git('config', 'core.sshCommand', stranger.command);
    vi.stubEnv('GIT_SSH_COMMAND', undefined);
    await expect(publish(pusher(copy, {}), [planOf('one', [change('a', '2\n')])])).rejects.toMatchObject({
      code: 'git/fetch-failed',
      hint: expect.stringContaining('SSH key that the server knows'),
    });
    vi.stubEnv('GIT_SSH_COMMAND', identity.command);
    stranger.remove();
  });

  test('keeps what Gitea says of a protected branch', async () => {
    const { backend, copy, git } = await ground({ a: '1\n' });
    const repository = /ada\/ssh-\d+/.exec(copy.git('remote', 'get-url', 'origin'))?.[0];
    await gitea.ask('POST', `/repos/${repository}/branch_protections`, { rule_name: 'main', enable_push: false });
    await expect(publish(backend, [planOf('one', [change('a', '2\n')])])).rejects.toMatchObject({
      code: 'git/refused',
      message: expect.stringContaining('protected branch'),
      hint: expect.stringContaining('open pull requests'),
    });
    expect(git('rev-list', '--count', 'main')).toBe('1');
    expect(copy.status()).toEqual([]);
  });
});

describe('commits that are signed with GPG', () => {
  test('every one of a chain is good', async () => {
    const { backend, copy, git } = await ground({ a: '1\n' });
    const home = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    vi.stubEnv('GNUPGHOME', home);
    try {
      const generate = ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', 'Ada <ada@example.test>'];
      execFileSync(gpg, [...generate, 'ed25519', 'sign', 'never'], { stdio: 'pipe' });
      copy.git('config', 'commit.gpgSign', 'true');
      copy.git('config', 'user.signingKey', 'ada@example.test');
      const plans = ['2', '3'].map((text) => planOf(text, [change('a', `${text}\n`)]));
      const { commits } = await publish(backend, plans);
      expect(git('log', '--format=%H %G? %GS', 'main~2..main').split('\n')).toEqual(
        commits.toReversed().map((commit) => `${commit} G Ada <ada@example.test>`),
      );
    } finally {
      execFileSync(gpgConf, ['--kill', 'all'], { stdio: 'pipe' });
      execFileSync('rm', ['-rf', home]);
      vi.stubEnv('GNUPGHOME', undefined);
    }
  });
});
