import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { RequestGround } from '../../gitops/pull-requests/ground.js';
import { Gitea, type GiteaRepository } from './gitea.js';
import { type GiteaDescription, type GiteaQuestion, unknownIn } from './gitea-description.js';

interface GiteaPull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly merged: boolean;
  readonly html_url: string;
  readonly labels: readonly { readonly name: string }[];
  readonly requested_reviewers: readonly { readonly login: string }[] | null;
  readonly head: { readonly sha: string };
}

let gitea: Gitea;
let count = 0;

beforeAll(async () => {
  gitea = await Gitea.start();
  await gitea.addUser('bob');
  vi.stubEnv('FORGE_TOKEN', gitea.ada.token);
  // Of the people in these tests; sluice has its own.
  vi.stubEnv('GIT_CONFIG_COUNT', '1');
  vi.stubEnv('GIT_CONFIG_KEY_0', `http.${gitea.url}/.extraHeader`);
  vi.stubEnv('GIT_CONFIG_VALUE_0', `Authorization: token ${gitea.ada.token}`);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await gitea?.stop();
});

async function ground(kinds: string, more = '', begin?: number) {
  count += 1;
  const repository = await gitea.addRepository(`releases-${count}`);
  await gitea.ask('PUT', `/repos/${repository.name}/collaborators/bob`, { permission: 'write' });
  const made = await RequestGround.make({ url: repository.url, settings: `host: gitea${more}` }, kinds, {
    ...(begin && { begin }),
  });
  onTestFinished(({ task }) => {
    if (task.result?.state === 'fail') console.error(gitea.log);
  });
  return Object.assign(made, { repository, pulls: () => pullsOf(repository) });
}

function pullsOf({ name }: GiteaRepository, state = 'all'): Promise<GiteaPull[]> {
  return gitea.ask('GET', `/repos/${name}/pulls?state=${state}&sort=oldest`);
}

/** Gitea finds out some time after a push that a request can be merged. */
async function merge({ name }: GiteaRepository, number: number, style: string): Promise<void> {
  const attempt = async () =>
    (
      await gitea.tryAsk('POST', `/repos/${name}/pulls/${number}/merge`, {
        Do: style,
        delete_branch_after_merge: false,
      })
    ).status;
  await expect.poll(attempt, { timeout: 20_000, interval: 200 }).toBe(200);
}

describe('pull requests on Gitea', () => {
  test('a promotion waits for its merge, with all that a reviewer needs', async () => {
    const made = await ground('[promote]', ', labels: [release, gate], reviewers: [bob]');
    const { workspace, repository } = made;
    const outcome = await made.passes(3);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const [pull] = await made.pulls();
    expect(outcome.stdout).toContain(`waits for the merge of #1 ${gitea.url}/${repository.name}/pulls/1 (opened)`);
    expect(pull).toMatchObject({ title: 'chore(reviews): promote reviews-v2', state: 'open' });
    expect(pull?.labels.map(({ name }) => name).sort()).toEqual(['gate', 'release']);
    expect(pull?.requested_reviewers?.map(({ login }) => login)).toEqual(['bob']);
    expect(pull?.body).toContain('| reviews-v2 | error-rate | pass |');
    expect(pull?.body).toContain('- **primary: reviews-v1 → reviews-v2**');
    expect(pull?.body).toContain('<details><summary>');
    expect(pull?.body.trimEnd().split('\n\n').at(-1)).toMatch(
      /^Sluice-Release: reviews\nSluice-Decision: promote\nSluice-Iteration: 3\nSluice-Verdict: pass\nSluice-Evidence: .*\nSluice-Proposal: [0-9a-f]{16}$/,
    );
    expect(parse(made.onServer('releases/reviews/values.yaml')).application.primary).toBeUndefined();
    expect(parse(made.onServer('releases/reviews/status.yaml', 'sluice/reviews'))).toMatchObject({ iteration: 3 });
    expect(workspace.subjects().slice(-2)).toEqual([
      'chore(reviews): candidate reviews-v2 0 % → 5 %',
      'chore(reviews): candidate reviews-v2 5 % → 50 %',
    ]);
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  test('the next pass repeats nothing, and brings the sentence up to date', async () => {
    const made = await ground('[promote]');
    await made.passes(3);
    const [before] = await made.pulls();
    const { stdout } = await made.pass();
    expect(stdout).toMatch(/waits for the merge of #1 \S+ \((updated|unchanged)\)/);
    const after = await made.pulls();
    expect(after).toHaveLength(1);
    expect(after[0]?.head.sha).toBe(before?.head.sha);
    const reason = /promote reviews-v2\n {2}(.*)\n/.exec(stdout)?.[1];
    expect(after[0]?.body.replaceAll('`', '').split('\n')[0]).toBe(reason);
  });

  test.each(['merge', 'squash', 'rebase', 'rebase-merge', 'fast-forward-only'])(
    'a pass goes on after a merge by %s',
    async (style) => {
      const made = await ground('[advance, promote]');
      await made.pass();
      await merge(made.repository, 1, style);
      const next = await made.pass();
      expect(next).toMatchObject({ code: 0, stderr: '' });
      expect(next.stdout).toContain('reviews: candidate reviews-v2 5 % → 50 %\n');
      expect(next.stdout).toMatch(/waits for the merge of #2 \S+ \(opened\)/);
      await merge(made.repository, 2, style);
      expect((await made.pass()).stdout).toMatch(/promote reviews-v2\n(.*\n)+ {2}waits for the merge of #3/);
      await merge(made.repository, 3, style);
      expect((await made.pass()).stdout).toBe('reviews: nothing to decide\n  no candidate waits for an analysis\n');
      expect(parse(made.onServer('releases/reviews/status.yaml'))).toMatchObject({ phase: 'Completed', iteration: 3 });
      expect(made.branches()).toEqual(['main']);
      expect((await made.pulls()).map(({ merged }) => merged)).toEqual([true, true, true]);
    },
  );

  test.each(['merge', 'squash', 'rebase', 'fast-forward-only'])(
    'windows from before a merge by %s are not judged as if they had the new share',
    async (style) => {
      const begin = Math.floor(Date.now() / 60_000) * 60 - 3600;
      const made = await ground('[advance]', '', begin);
      // Decided an hour ago, merged now.
      expect((await made.pass()).stdout).toContain('waits for the merge of #1 ');
      await merge(made.repository, 1, style);
      // The merge itself may be told a second later, in the next minute.
      const tip = `/repos/${made.repository.name}/git/commits/main`;
      const { commit } = await gitea.ask<{ commit: { committer: { date: string } } }>('GET', tip);
      const from = Math.ceil(Date.parse(commit.committer.date) / 60_000) * 60;
      made.workspace.now = from + 30;
      const { stdout } = await made.workspace.run('evaluate');
      expect(stdout).toMatch(/^reviews: hold reviews-v2 at 5 %\n {2}the first window is complete at /);
      const complete = Date.parse(/complete at (.*)\n/.exec(stdout)?.[1] ?? '') / 1000;
      expect(complete).toBeGreaterThanOrEqual(from);
    },
  );

  test('a decision that gives way to another one: the request is closed with the reason, and its branch deleted', async () => {
    const made = await ground('[promote]');
    await made.passes(3);
    made.mesh.services({ 'reviews-v2': 0.4 });
    const { stdout } = await made.pass();
    expect(stdout).toContain('reviews: roll back reviews-v2 50 % → 0 %\n');
    expect(stdout).toContain('reviews: closed #1 ');
    const [pull] = await made.pulls();
    expect(pull).toMatchObject({ state: 'closed', merged: false });
    expect(await gitea.ask('GET', `/repos/${made.repository.name}/issues/1/comments`)).toMatchObject([
      { body: 'sluice closed this: another decision was made: roll back reviews-v2 50 % → 0 %.' },
    ]);
    expect(made.branches()).toEqual(['main']);
    expect(parse(made.onServer('releases/reviews/status.yaml'))).toMatchObject({ phase: 'RolledBack' });
  });

  test('a request that a person closes is not opened again, until something else is decided', async () => {
    const made = await ground('[promote]');
    await made.passes(3);
    await gitea.ask('PATCH', `/repos/${made.repository.name}/pulls/1`, { state: 'closed' });
    const { stdout, code } = await made.passes(2);
    expect(code).toBe(0);
    expect(stdout).toContain('not asked for again until something changes: #1 ');
    expect(await made.pulls()).toHaveLength(1);
    const values = made.onServer('releases/reviews/values.yaml');
    made.person({ 'releases/reviews/values.yaml': values.replace('reviews:v2', 'reviews:v3') });
    await made.passes(4);
    expect(await made.pulls()).toMatchObject([{ state: 'closed' }, { state: 'open' }]);
  });

  test('another commit on the same files: the branch gets one on the new base', async () => {
    const made = await ground('[promote]');
    await made.passes(3);
    const [before] = await made.pulls();
    made.person({ 'README.md': 'of others\n' });
    expect((await made.pass()).stdout).not.toContain('(replaced)');
    expect((await made.pulls())[0]?.head.sha).toBe(before?.head.sha);
    made.person({ 'releases/reviews/values.yaml': `# ours\n${made.onServer('releases/reviews/values.yaml')}\n` });
    expect((await made.pass()).stdout).toContain('(replaced)');
    expect(made.onServer('releases/reviews/values.yaml', 'sluice/reviews')).toMatch(/^# ours\n/);
    expect(made.onServer('README.md', 'sluice/reviews')).toBe('of others');
    expect(await made.pulls()).toMatchObject([{ number: 1, state: 'open' }]);
    await merge(made.repository, 1, 'merge');
    expect((await made.pass()).stdout).toContain('nothing to decide');
  });

  test('a branch that a person pushed to is left alone', async () => {
    const made = await ground('[promote]');
    await made.passes(3);
    made.person({ 'releases/reviews/NOTES.md': 'wait\n' }, 'sluice/reviews');
    const [before] = await made.pulls();
    const { stdout } = await made.pass();
    expect(stdout).toContain('left alone: sluice/reviews holds a commit that sluice did not make as it stands: #1 ');
    made.mesh.services({ 'reviews-v2': 0.4 });
    const { stderr } = await made.pass();
    expect(stderr).toContain('sluice/reviews is moot');
    expect(await made.pulls()).toMatchObject([{ state: 'open', head: { sha: before?.head.sha }, body: before?.body }]);
  });

  test('a release that is gone takes its request with it', async () => {
    const made = await ground('[promote]');
    await made.passes(3);
    const { workspace } = made;
    workspace.git('rm', '--quiet', '-r', 'releases/reviews');
    workspace.commit({ 'releases/.gitkeep': '' });
    workspace.git('push', '--quiet', 'origin', 'main');
    const { stdout } = await workspace.run('evaluate');
    expect(stdout).toContain('reviews: closed #1 ');
    expect(await made.pulls()).toMatchObject([{ state: 'closed' }]);
    expect(made.branches()).toEqual(['main']);
  });

  test('nothing is asked for that Gitea does not describe', async () => {
    const asked = vi.spyOn(globalThis, 'fetch');
    onTestFinished(() => asked.mockRestore());
    const made = await ground('[promote]', ', labels: [described], reviewers: [bob]');
    await made.passes(3);
    made.mesh.services({ 'reviews-v2': 0.4 });
    await made.pass();
    const answer = await fetch(`${gitea.url}/swagger.v1.json`);
    const description = (await answer.json()) as GiteaDescription;
    // The requests of this test follow redirects, as everybody's do.
    const ours = asked.mock.calls.flatMap(([url, init]): GiteaQuestion[] => {
      if (init?.redirect !== 'manual' || !`${url}`.startsWith(`${gitea.url}/api/`)) return [];
      return [{ method: init.method ?? 'GET', url: `${url}`, body: init.body ? JSON.parse(`${init.body}`) : {} }];
    });
    expect([...new Set(ours.map(({ method }) => method))].sort()).toEqual(['GET', 'PATCH', 'POST']);
    expect(ours.flatMap((each) => unknownIn(each, description))).toEqual([]);
    const wrong = {
      method: 'PATCH',
      url: ours.find(({ method }) => method === 'PATCH')?.url ?? '',
      body: { closed: 1 },
    };
    expect(unknownIn(wrong, description)).toEqual(['PATCH /repos/{owner}/{repo}/pulls/{index}: closed']);
  });

  test('a branch that is protected takes what is decided, and what people command, by requests alone', async () => {
    const made = await ground('all');
    await gitea.ask('POST', `/repos/${made.repository.name}/branch_protections`, {
      rule_name: 'main',
      enable_push: false,
    });
    for (const [number, command] of [
      [1, 'pause'],
      [2, 'resume'],
    ] as const) {
      expect(await made.workspace.ran(command, 'reviews', '--reason', 'lunch')).toMatch(
        new RegExp(`waits for the merge of #${number} \\S+ \\(opened\\)\n$`),
      );
      expect(made.workspace.git('status', '--porcelain')).toBe('');
      await merge(made.repository, number, 'squash');
      const { rollout } = parse(made.onServer('releases/reviews/values.yaml'));
      expect(rollout.override?.action).toBe(command === 'pause' ? 'pause' : undefined);
    }
    for (const number of [3, 4]) {
      expect((await made.pass()).stdout).toContain(`waits for the merge of #${number} `);
      await merge(made.repository, number, 'squash');
    }
    made.mesh.services({ 'reviews-v2': 0.4 });
    const { stdout } = await made.pass();
    expect(stdout).toMatch(/roll back reviews-v2 50 % → 0 %\n(.*\n)*? {2}waits for the merge of #5/);
    expect(stdout).toContain('warning: rolling back reviews waits for a merge, as git.pullRequests.for is all');
    expect((await made.pulls())[4]?.body).toContain('**Users meet `reviews-v2` until this is merged.**');
  });

  test('a branch that is protected refuses a command that waits for no request, with what to do', async () => {
    const made = await ground('[promote]');
    await gitea.ask('POST', `/repos/${made.repository.name}/branch_protections`, {
      rule_name: 'main',
      enable_push: false,
    });
    const command = await made.workspace.run('pause', 'reviews', '--reason', 'lunch');
    expect(command).toMatchObject({ code: 2 });
    expect(command.stderr).toMatch(/protected branch.*\n.*hint: .*git\.pullRequests in sluice\.yaml, for: all/s);
    expect(made.workspace.git('status', '--porcelain')).toBe('');
  });
});
