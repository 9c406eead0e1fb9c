import { afterEach, describe, expect, it } from 'vitest';
import { openGithub } from '../../../src/gitops/github/open-github.js';
import { githubBranches } from '../../../src/gitops/pull-requests/github-branches.js';
import type { Host, PullRequest } from '../../../src/gitops/pull-requests/host.js';
import { type Settlement, settleRequests } from '../../../src/gitops/pull-requests/settle.js';
import type { Wanted } from '../../../src/gitops/pull-requests/settling.js';
import { openRemote } from '../../../src/gitops/remote.js';
import { openRepository } from '../../../src/gitops/repository.js';
import { defaultGit } from '../../../src/values/project/git.js';
import { change, planOf } from '../../gitops/conformance/backend-suite.js';
import { wrong } from './github-fake.js';
import { type GithubGround, githubGround, githubToken } from './github-ground.js';

const files = { 'r/a.yaml': 'weight: 0\n', 'r/gone.yaml': 'x\n', other: '1\n' };
const grounds: GithubGround[] = [];

afterEach(() => {
  for (const { fake, git } of grounds.splice(0)) {
    expect(fake.faults).toEqual([]);
    expect(git('for-each-ref', '--format=%(refname)', 'refs/heads/sluice/scratch*')).toBe('');
  }
});

describe('requests of the backend github', () => {
  it('get commits that GitHub makes, with the seal that tells that they are as sluice made them', async () => {
    const { ground, settle } = await made();
    expect(await settle(wanted('5'))).toMatchObject({ outcomes: [{ kind: 'waiting', news: 'opened' }] });
    const shown = ground.git('log', '-1', '--format=%an, %cn|%s|%P', branch);
    expect(shown).toBe(`sluice[bot], GitHub|chore(a): do a|${ground.git('rev-parse', 'main')}`);
    expect(ground.git('log', '-1', '--format=%(trailers:key=Sluice-Proposal,valueonly,separator=)', branch)).toBe('5a');
    expect(ground.git('show', `${branch}:r/a.yaml`)).toBe('weight: 5');
    expect(ground.git('diff', '--name-status', `main..${branch}`)).toBe('M\tr/a.yaml\nD\tr/gone.yaml');
    const asked = ground.fake.asked.length;
    expect(await settle(wanted('5'))).toMatchObject({ outcomes: [{ kind: 'waiting', news: 'unchanged' }] });
    expect(ground.fake.asked).toHaveLength(asked);
  });

  it('are replaced by a commit on the present tip in one step, and deleted when they are moot', async () => {
    const { ground, settle } = await made();
    await settle(wanted('5'));
    const first = ground.git('rev-parse', branch);
    ground.person({ 'r/a.yaml': 'weight: 1\n' });
    await ground.backend.sync();
    expect(await settle(wanted('7'))).toMatchObject({ outcomes: [{ kind: 'waiting', news: 'replaced' }] });
    expect(ground.git('rev-parse', `${branch}~1`)).toBe(ground.git('rev-parse', 'main'));
    expect(ground.git('rev-list', '--count', `${branch}..${first}`)).toBe('1');
    expect((await settle()).closed).toHaveLength(1);
    expect(ground.git('for-each-ref', 'refs/heads/sluice')).toBe('');
  });

  it('leave alone what somebody pushed meanwhile, and say what GitHub refuses', async () => {
    const { ground, settle } = await made();
    await settle(wanted('5'));
    ground.fake.before = (operation) => {
      if (operation === 'createCommitOnBranch') ground.git('update-ref', `refs/heads/${branch}`, 'main');
    };
    const reason = `somebody pushed to ${branch} meanwhile`;
    expect(await settle(wanted('7'))).toMatchObject({ outcomes: [{ kind: 'blocked', reason }] });
    expect(ground.git('rev-parse', branch)).toBe(ground.git('rev-parse', 'main'));
    ground.fake.before = undefined;
    ground.git('update-ref', '-d', `refs/heads/${branch}`);
    ground.fake.trouble('create ref', wrong(403, 'Resource not accessible by integration'));
    const { outcomes } = await settle(wanted('7'));
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { code: 'git/refused' } }]);
    expect(String((outcomes[0] as { error: Error }).error)).toContain('Resource not accessible by integration');
  });

  it('are refused where GitHub would make a plain file of one that is not', async () => {
    const { ground, settle } = await made();
    ground.copy.git('update-index', '--chmod=+x', 'r/a.yaml');
    ground.copy.git('commit', '--quiet', '--message', 'feat: run');
    ground.copy.git('push', '--quiet', 'origin', 'main');
    const { outcomes } = await settle(wanted('5'));
    expect(String((outcomes[0] as { error: Error }).error)).toContain('it is executable');
  });
});

const branch = 'sluice/a';

function wanted(weight: string): Wanted {
  const plan = planOf('a', [change('r/a.yaml', `weight: ${weight}\n`), change('r/gone.yaml', null)]);
  return { branch, plan, key: `${weight}a`, urgent: false, body: `weight ${weight}` };
}

/** A clone of a repository on GitHub, with requests that are kept here. */
async function made(): Promise<{
  readonly ground: GithubGround;
  settle(...wanted: Wanted[]): Promise<Settlement>;
}> {
  const ground = await githubGround(files);
  grounds.push(ground);
  const { root } = ground.copy;
  const settings = { ...defaultGit, backend: 'github', url: ground.fake.url, repository: 'ada/cells' } as const;
  const remoteUrl = `file://${ground.server}`;
  const { api } = await openGithub({ settings, root, remoteUrl, env: { GITHUB_TOKEN: githubToken } });
  const host = hostInMemory();
  return {
    ground,
    async settle(...all) {
      const repository = await openRepository(root);
      const remote = await openRemote(repository, { settings });
      const ours = { repository, remote, host, moveBranches: githubBranches(api, root), template: settings.message };
      const mootOf = () => ({ release: 'a', reason: 'it is gone' });
      return settleRequests(all, {
        ...ours,
        labels: [],
        reviewers: [],
        mootOf,
        tell: (text) => ground.told.push(text),
      });
    },
  };
}

function hostInMemory(): Host {
  const requests: PullRequest[] = [];
  return {
    nameOf: (number) => `#${number}`,
    requestsOf: async () => requests.toReversed(),
    async open({ title, body }) {
      const number = requests.length + 1;
      requests.push({
        number,
        url: `https://github.test/${number}`,
        state: 'open',
        title,
        body,
        labels: [],
        mergedAt: undefined,
      });
      return requests[number - 1] as PullRequest;
    },
    async update(number, { title, body, close }) {
      const request = requests[number - 1] as PullRequest;
      requests[number - 1] = { ...request, title, body, state: close ? 'closed' : request.state };
    },
    async comment() {},
    async addLabels() {},
    async addReviewers() {},
  };
}
