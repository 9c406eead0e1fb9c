import { describe, expect, it, vi } from 'vitest';
import { forgeToken } from '../../gitops/pull-requests/fake-forge.js';
import { useForge } from '../../gitops/pull-requests/forge-ground.js';
import type { RequestGround } from '../../gitops/pull-requests/ground.js';

const file = 'releases/reviews/values.yaml';
const page = 'https://github.example/ada/releases/pull';
const hub = useForge();

async function ground(kinds: string): Promise<RequestGround> {
  // Traffic flows faster than the clock of the machine, so that it starts before, and so do the commits.
  const begin = Math.floor(Date.now() / 60_000) * 60 - 7200;
  vi.stubEnv('GIT_COMMITTER_DATE', `${begin} +0000`);
  return hub.ground(kinds, ', labels: [gate], reviewers: [bob]', { begin });
}

/** Runs a command, and expects it to leave the branch as it is. */
async function asks(made: RequestGround, ...argv: readonly string[]): Promise<string> {
  const { workspace } = made;
  const before = [workspace.head, workspace.git('status', '--porcelain'), made.onServer(file)];
  const said = await workspace.ran(...argv);
  expect([workspace.head, workspace.git('status', '--porcelain'), made.onServer(file)]).toEqual(before);
  return said;
}

function merge(made: RequestGround, index: number): void {
  const request = hub.forge.kept[index];
  made.workspace.git('fetch', '--quiet', 'origin');
  made.workspace.git('push', '--quiet', 'origin', `origin/${request?.branch}:main`);
  Object.assign(request ?? {}, { state: 'merged', mergedAt: new Date(made.mesh.simulator.now * 1000).toISOString() });
}

describe('what people command, with pull requests for all', () => {
  it('opens the request of the release, as a pass does, and holds from the merge on', async () => {
    const made = await ground('all');
    const said = await asks(made, 'pause', 'reviews', '--reason', 'checkout is slow');
    expect(said).toBe(
      [
        'reviews: pause',
        '  Ada paused it: checkout is slow',
        '  rollout.override.action: pause',
        '  rollout.override.by: Ada',
        '  rollout.override.reason: checkout is slow',
        `  waits for the merge of #1 ${page}/1 (opened)\n`,
      ].join('\n'),
    );
    const title = 'chore(reviews): pause';
    expect(hub.forge.kept).toMatchObject([{ branch: 'sluice/reviews', title, labels: ['gate'], reviewers: ['bob'] }]);
    expect(hub.forge.kept[0]?.body).toMatch(
      /^Ada paused it: checkout is slow\n\n## sluice diff against `main`\n\n### reviews\n/,
    );
    expect(hub.forge.kept[0]?.body).toMatch(
      /\nSluice-Release: reviews\nSluice-Decision: pause\nSluice-Command: pause\nSluice-Proposal: [0-9a-f]{16,}\n$/,
    );
    merge(made, 0);
    expect((await made.pass()).stdout).toContain('reviews-v2 waits: paused by Ada: checkout is slow');
    expect(made.branches()).toEqual(['main']);
  });

  it('has no pass close it, or put another decision into it', async () => {
    const made = await ground('all');
    await asks(made, 'pause', 'reviews');
    const { body } = hub.forge.kept[0] ?? {};
    const { code, stdout } = await made.pass();
    expect(code).toBe(0);
    expect(stdout).toContain(`left alone: it carries out sluice pause, which a person commanded: #1 ${page}/1\n`);
    expect(hub.forge.kept).toMatchObject([{ title: 'chore(reviews): pause', state: 'open', body }]);
  });

  it('takes the place of what a pass or a person wanted before, and says so', async () => {
    const made = await ground('all');
    await made.pass();
    expect(await asks(made, 'pause', 'reviews')).toContain(
      `waits for the merge of #1 ${page}/1 (replaced; it was "chore(reviews): candidate reviews-v2 0 % → 5 %")\n`,
    );
    expect(await asks(made, 'promote', 'reviews')).toContain('(replaced; it was "chore(reviews): pause")\n');
    expect(hub.forge.kept).toMatchObject([{ title: 'chore(reviews): promote reviews-v2', state: 'open' }]);
    expect(made.onServer(file, 'sluice/reviews')).not.toContain('override');
  });

  it('leaves the request as it is for the same command, and opens another one after a no', async () => {
    const made = await ground('all');
    await asks(made, 'rollback', 'reviews');
    made.workspace.git('fetch', '--quiet', 'origin');
    const before = made.workspace.git('rev-parse', 'origin/sluice/reviews');
    made.workspace.now += 60;
    expect(await asks(made, 'rollback', 'reviews')).toContain(`#1 ${page}/1 (unchanged)\n`);
    expect(made.workspace.git('rev-parse', 'origin/sluice/reviews')).toBe(before);
    Object.assign(hub.forge.kept[0] ?? {}, { state: 'closed' });
    expect(await asks(made, 'rollback', 'reviews')).toContain(`#2 ${page}/2 (opened)\n`);
  });

  it('gives way to a rollback of a pass, unless it takes the traffic itself', async () => {
    const made = await ground('all');
    await made.pass();
    merge(made, 0);
    await made.pass();
    await asks(made, 'pause', 'reviews');
    made.mesh.services({ 'reviews-v2': 0.4 });
    expect((await made.pass()).stdout).toContain('(replaced; it was "chore(reviews): pause")');
    expect(await asks(made, 'abort', 'reviews')).toContain('(replaced; it was "chore(reviews): roll back');
    expect((await made.pass()).stdout).toContain('left alone: it carries out sluice abort');
  });

  it('says of a rollback that users meet the candidate until the merge', async () => {
    const made = await ground('all');
    await made.pass();
    merge(made, 0);
    await made.pass();
    await asks(made, 'rollback', 'reviews', '--reason', 'tickets');
    expect(hub.forge.kept.at(-1)?.body).toContain(
      'Ada rolled reviews-v2 back: tickets\n\n**Users meet `reviews-v2` until this is merged.**',
    );
  });

  it('freezes by a request of its own, and adds a candidate by that of its release', async () => {
    const made = await ground('all');
    expect(await asks(made, 'freeze', '--reason', 'holidays')).toContain(
      `waits for the merge of #1 ${page}/1 (opened)\n`,
    );
    expect(hub.forge.kept).toMatchObject([{ branch: 'sluice/freeze', title: 'chore(sluice): freeze every release' }]);
    expect(hub.forge.kept[0]?.body).toContain('- freeze.reason: unset → holidays\n');
    const { stdout, stderr } = await made.workspace.run('candidate', '--image', 'registry.example/reviews:v3');
    expect(stdout).toBe(
      `reviews: add reviews-v3 with registry.example/reviews:v3, without traffic\n  waits for the merge of #2 ${page}/2 (opened)\n`,
    );
    expect(stderr).toBe('next: its merge, then sluice evaluate, which lets it in\n');
    await made.pass();
    expect(hub.forge.kept.map(({ state }) => state)).toEqual(['open', 'open']);
    merge(made, 0);
    expect((await made.pass()).stdout).toContain('everything is frozen by Ada: holidays');
    expect(made.branches()).toEqual(['main', 'sluice/reviews']);
  });

  it('freezes one release by the request of that', async () => {
    const made = await ground('[hold]');
    expect(await asks(made, 'freeze', 'reviews')).toContain(`waits for the merge of #1 ${page}/1 (opened)\n`);
    expect(hub.forge.kept).toMatchObject([{ branch: 'sluice/reviews', title: 'chore(reviews): freeze' }]);
    merge(made, 0);
    expect((await made.pass()).stdout).toContain('reviews-v2 waits: frozen by Ada');
  });

  it('opens one for each release with --all, of what stands on the branch', async () => {
    const made = await ground('all');
    const ratings = made.onServer(file).replaceAll('reviews', 'ratings');
    made.person({ 'releases/ratings/values.yaml': `${ratings}\n` });
    made.workspace.git('pull', '--quiet', '--ff-only', 'origin', 'main');
    await asks(made, 'pause', '--all');
    expect(hub.forge.kept.map(({ branch }) => branch)).toEqual(['sluice/ratings', 'sluice/reviews']);
    made.workspace.git('fetch', '--quiet', 'origin');
    const changed = made.workspace.git('diff', '--name-only', 'origin/main', 'origin/sluice/reviews');
    expect(changed).toBe(file);
  });

  it('says with --dry-run that it would, and in JSON what it waits for', async () => {
    const made = await ground('all');
    expect(await asks(made, 'pause', '--dry-run')).toMatch(
      / {2}would wait for the merge of a pull request\ndry run: nothing was written\n$/,
    );
    expect(hub.forge.exchanges).toEqual([]);
    const { releases } = JSON.parse(await asks(made, 'pause', '-o', 'json'));
    const request = { name: '#1', url: `${page}/1` };
    expect(releases).toMatchObject([{ release: 'reviews', request: { kind: 'waiting', news: 'opened', request } }]);
    expect(releases[0]).not.toHaveProperty('commit');
  });

  it('leaves a branch alone that somebody pushed to, and fails', async () => {
    const made = await ground('all');
    await asks(made, 'pause', 'reviews');
    made.person({ 'NOTES.md': 'wait\n' }, 'sluice/reviews');
    const { code, stderr } = await made.workspace.run('rollback', 'reviews');
    expect(code).toBe(2);
    expect(stderr).toContain(
      `Cannot bring the request for reviews up to date: sluice/reviews holds a commit that sluice did not make as it stands (#1 ${page}/1)\n  hint: `,
    );
    expect(made.onServer('NOTES.md', 'sluice/reviews')).toBe('wait');
  });

  it('fails where the server of requests refuses', async () => {
    const made = await ground('all');
    hub.forge.obstacles.push({ status: 403, answer: { message: `no to ${forgeToken}` } });
    const { code, stdout, stderr } = await made.workspace.run('pause', 'reviews');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^sluice: Cannot /);
    expect(stderr).not.toContain(forgeToken);
  });
});

describe('what people command, with pull requests for some kinds', () => {
  it('waits as its kind does, and says where all else is pushed', async () => {
    const made = await ground('[promote]');
    expect(await asks(made, 'promote', 'reviews')).toContain(`waits for the merge of #1 ${page}/1 (opened)\n`);
    const { workspace } = made;
    for (const words of [['pause'], ['resume'], ['rollback'], ['freeze'], ['unfreeze']]) {
      const said = await workspace.ran(...words);
      expect(said, words.join()).toMatch(/ {2}commit [0-9a-f]{10}\npushed to origin main\n$/);
    }
    expect(workspace.git('ls-remote', 'origin', 'refs/heads/main')).toContain(workspace.head);
  });

  it.each(['pause', 'abort', 'freeze'])('takes %s for a hold', async (name) => {
    const made = await ground('[hold]');
    expect(await asks(made, name)).toContain('waits for the merge of #1 ');
  });
});

describe('what people command, committed here', () => {
  it('says how to push it', async () => {
    const made = await ground('[promote]');
    const { workspace } = made;
    workspace.commit({ 'sluice.yaml': made.mesh.project });
    expect(await workspace.ran('pause')).toMatch(/\ncommitted here only; to push: git push origin main\n$/);
    workspace.git('push', '--quiet', 'origin', 'main');
    expect(await workspace.ran('resume', '--push')).toMatch(/\npushed to origin main\n$/);
  });
});
