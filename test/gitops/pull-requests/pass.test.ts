import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { reviewsValues } from '../../cli/workspace.js';
import { forgeToken } from './fake-forge.js';
import { useForge } from './forge-ground.js';
import type { RequestGround } from './ground.js';

const hub = useForge();

describe('evaluate() with pull requests', () => {
  it('asks nothing of the server while nothing waits', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(2);
    expect(hub.forge.exchanges).toEqual([]);
  });

  it('finds the request that a server opened and did not tell of', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(2);
    // The question for requests, then the one to open it.
    hub.forge.obstacles.push({ status: 200, answer: [] }, 'after');
    const lost = await made.pass();
    expect(lost.code).toBe(2);
    expect(lost.stdout).toContain(
      'reviews: could not run\n  Cannot open a pull request from sluice/reviews of ada/releases on GitHub: ',
    );
    expect(hub.forge.kept).toHaveLength(1);
    const next = await made.pass();
    expect(next.code).toBe(0);
    expect(next.stdout).toMatch(/waits for the merge of #1 \S+ \((updated|unchanged)\)/);
    expect(hub.forge.kept).toHaveLength(1);
  });

  it('brings the request up to date that somebody opened at the same time', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(2);
    hub.forge.keep({ branch: 'sluice/reviews', title: 'by another pass' });
    hub.forge.obstacles.push({ status: 200, answer: [] });
    expect((await made.pass()).stdout).toContain('waits for the merge of #1 ');
    expect(hub.forge.kept).toMatchObject([{ title: 'chore(reviews): promote reviews-v2' }]);
  });

  it('rolls back at once while the server of requests is down', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    made.mesh.services({ 'reviews-v2': 0.4 });
    hub.forge.obstacles.push({ status: 500, answer: { message: 'down' } });
    const { stdout, stderr } = await made.pass();
    expect(stdout).toContain('reviews: roll back reviews-v2 50 % → 0 %\n');
    expect(stderr).toContain('the request for reviews was not closed: ');
    expect(hub.forge.kept).toMatchObject([{ state: 'open' }]);
    const next = await made.pass();
    expect(next.stdout).toContain('reviews: closed #1 ');
    expect(hub.forge.kept).toMatchObject([{ state: 'closed' }]);
    expect(made.branches()).toEqual(['main']);
  });

  it('leaves a branch alone that a person pushed to, also while sluice is at it', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    const title = hub.forge.kept[0]?.title;
    made.person({ 'releases/reviews/values.yaml': `# ours\n${made.onServer('releases/reviews/values.yaml')}\n` });
    hub.forge.onQuestion = () => {
      hub.forge.onQuestion = () => {};
      made.person({ 'NOTES.md': 'wait\n' }, 'sluice/reviews');
    };
    const first = await made.pass();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('left alone: somebody pushed to sluice/reviews meanwhile: #1 ');
    const second = await made.pass();
    expect(second.stdout).toContain('left alone: sluice/reviews holds a commit that sluice did not make');
    expect(made.onServer('NOTES.md', 'sluice/reviews')).toBe('wait');
    expect(hub.forge.kept).toMatchObject([{ title, state: 'open' }]);
  });

  it('leaves a commit alone that a person amended', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    const { workspace } = made;
    workspace.git('fetch', '--quiet', 'origin');
    workspace.git('switch', '--quiet', '--detach', 'origin/sluice/reviews');
    workspace.write('releases/reviews/values.yaml', `# ours\n${workspace.read('releases/reviews/values.yaml')}`);
    workspace.git('commit', '--quiet', '--all', '--amend', '--no-edit');
    workspace.git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/sluice/reviews');
    workspace.git('switch', '--quiet', 'main');
    expect((await made.pass()).stdout).toContain('left alone: ');
    expect(made.onServer('releases/reviews/values.yaml', 'sluice/reviews')).toMatch(/^# ours\n/);
  });

  it('has a branch again once its own commit is back there', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    made.workspace.git('fetch', '--quiet', 'origin');
    const own = made.workspace.git('rev-parse', 'origin/sluice/reviews');
    made.person({ 'NOTES.md': 'wait\n' }, 'sluice/reviews');
    expect((await made.pass()).stdout).toContain('left alone: ');
    made.workspace.git('push', '--quiet', '--force', 'origin', `${own}:refs/heads/sluice/reviews`);
    expect((await made.pass()).stdout).toContain('waits for the merge of #1 ');
  });

  it('takes a request that was closed with its branch for a no, until its trailer is taken out', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    made.workspace.git('push', '--quiet', 'origin', ':refs/heads/sluice/reviews');
    const [request] = hub.forge.kept;
    if (request === undefined) throw new Error('no request was opened');
    request.state = 'closed';
    expect((await made.pass()).stdout).toContain('a person closed it, which means no');
    request.body = request.body.replace(/^Sluice-Proposal: .*$/m, '');
    expect((await made.pass()).stdout).toMatch(/waits for the merge of #2 \S+ \(opened\)/);
    expect(made.branches()).toEqual(['main', 'sluice/reviews']);
  });

  it('never touches a branch of a person that is called like its own', async () => {
    const made = await hub.ground('[promote]');
    made.person({ 'NOTES.md': 'mine\n' });
    made.workspace.git('push', '--quiet', 'origin', 'origin/main:refs/heads/sluice/ratings');
    const outcome = await made.passes(3);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(made.branches()).toEqual(['main', 'sluice/ratings', 'sluice/reviews']);
  });

  it('judges a step anew after its merge was reverted, and asks again', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    const { workspace } = made;
    workspace.git('fetch', '--quiet', 'origin');
    workspace.git('push', '--quiet', 'origin', 'origin/sluice/reviews:main');
    Object.assign(hub.forge.kept[0] ?? {}, { state: 'merged', mergedAt: new Date().toISOString() });
    expect((await made.pass()).stdout).toContain('nothing to decide');
    workspace.git('revert', '--no-edit', 'HEAD');
    workspace.git('push', '--quiet', 'origin', 'main');
    const outcomes = [await made.pass(), await made.pass()];
    expect(outcomes[0]?.stdout).toContain('reviews-v2 has 50 % by no decision of ours');
    expect(outcomes[1]?.stdout).toContain('waits for the merge of #2 ');
  });

  it('opens nothing for a decision that is merged while the pass runs', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    Object.assign(hub.forge.kept[0] ?? {}, { state: 'merged', mergedAt: new Date().toISOString() });
    const { stdout } = await made.pass();
    expect(stdout).toMatch(/not asked for again until something changes: #1 \S+: it is merged already/);
    expect(hub.forge.kept).toHaveLength(1);
  });

  it('works in a folder of a repository', async () => {
    const [branch, prefix] = ['sluice/apps.reviews', 'apps/'];
    const made = await hub.ground('[promote]', '', { below: 'apps' });
    expect((await made.passes(3)).stdout).toContain('waits for the merge of #1 ');
    expect(hub.forge.kept).toMatchObject([{ branch }]);
    expect(made.onServer(`${prefix}releases/reviews/status.yaml`, branch)).toContain('phase: Completed');
    expect((await made.pass()).stdout).toContain('waits for the merge of #1 ');
    made.mesh.services({ 'reviews-v2': 0.4 });
    expect((await made.pass()).stdout).toContain('closed #1 ');
    expect(made.branches()).toEqual(['main']);
  });

  it('takes no request from a fork for its own', async () => {
    const made = await hub.ground('[promote]');
    hub.forge.keep({
      branch: 'sluice/reviews',
      fork: true,
      state: 'closed',
      body: 'Sluice-Proposal: 0123456789abcdef\n',
    });
    hub.forge.keep({ branch: 'sluice/reviews', fork: true });
    expect((await made.passes(3)).stdout).toContain('waits for the merge of #3 ');
  });

  it('goes without a reviewer that the server does not take, and says so', async () => {
    const made = await hub.ground('[promote]', ', labels: [gate], reviewers: [nobody]');
    const { code, stderr } = await made.passes(3);
    expect(code).toBe(0);
    expect(stderr).toContain('#1 goes without its reviewers: ');
    expect(hub.forge.kept).toMatchObject([{ labels: ['gate'], reviewers: [] }]);
  });

  it('asks the others for a review where the server does not take one', async () => {
    const made = await hub.ground('[promote]', ', reviewers: [bob, nobody, acme/platform]');
    const { code, stderr } = await made.passes(3);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^#1 goes without its reviewer nobody: .*\n$/);
    expect(hub.forge.kept).toMatchObject([{ reviewers: ['bob', 'team platform'] }]);
  });

  it('opens a request anew for a decision that it had taken back itself', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    const values = made.onServer('releases/reviews/values.yaml');
    made.person({ 'releases/reviews/values.yaml': `${values.replace('steps: [5, 50]', 'steps: [5, 50, 90]')}\n` });
    expect((await made.pass()).stdout).toContain('closed #1 ');
    expect(hub.forge.kept[0]?.body).toContain('Sluice-Withdrawn: ');
    expect((await made.pass()).stdout).toContain('waits for the merge of #2 ');
  });

  it('keeps the request of a release that could not be looked at', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(3);
    made.person({ 'releases/reviews/values.yaml': 'environment: nowhere\n' });
    expect((await made.pass()).code).toBe(2);
    expect(hub.forge.kept).toMatchObject([{ state: 'open' }]);
    expect(made.branches()).toContain('sluice/reviews');
  });

  it('plans with --dry-run without asking the server', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(2);
    const { stdout } = await made.pass('--dry-run');
    expect(stdout).toMatch(/^reviews: promote reviews-v2\n(.*\n)+ {2}would wait for the merge of a pull request\n/);
    const { decisions } = JSON.parse((await made.pass('--dry-run', '--output', 'json')).stdout);
    expect(decisions).toMatchObject([{ kind: 'promote', request: { kind: 'would wait' } }]);
    expect(hub.forge.exchanges).toEqual([]);
    expect(made.branches()).toEqual(['main']);
  });

  it('says with --dry-run nothing of a merge where a decision is committed straight', async () => {
    const made = await hub.ground('[promote]');
    expect((await made.pass('--dry-run')).stdout).toContain('candidate reviews-v2 0 % → 5 %\n');
    expect((await made.pass('--dry-run')).stdout).not.toContain('would wait');
  });

  describe('for: all', () => {
    const manifests = 'rendered/reviews/manifests.yaml';
    const stale = (made: RequestGround) => made.person({ [manifests]: `${made.onServer(manifests)}\n# by hand\n` });

    it('renders by one request, and closes it when it is moot', async () => {
      const made = await hub.ground('all');
      const right = made.onServer(manifests);
      stale(made);
      made.mesh.services({ 'ratings-v1': 0.001 });
      made.person({ 'releases/ratings/values.yaml': reviewsValues.replaceAll('reviews', 'ratings') });
      const { stdout, code } = await made.pass();
      expect(code).toBe(0);
      expect(stdout).toMatch(/\nratings: render the values\n {2}waits for the merge of #2 \S+ \(opened\)\n/);
      expect(stdout).toMatch(/\nreviews: render the values\n {2}waits for the merge of #2 \S+ \(opened\)\n/);
      expect(hub.forge.kept).toMatchObject([
        { branch: 'sluice/reviews' },
        { branch: 'sluice/rendered', title: 'chore(rendered): bring 2 folders up to date' },
      ]);
      expect(hub.forge.kept[1]?.body).toContain('- ratings: render the values\n- reviews: render the values\n');
      expect(made.onServer(manifests, 'sluice/rendered')).toBe(right);
      expect(made.onServer('rendered/ratings/manifests.yaml', 'sluice/rendered')).toContain('ratings');
      expect(made.onServer(manifests)).toContain('# by hand');
      expect((await made.pass()).stdout).toMatch(/reviews: render the values\n {2}waits for .* #2 \S+ \(unchanged\)/);

      made.workspace.git('push', '--quiet', 'origin', 'origin/sluice/rendered:main');
      Object.assign(hub.forge.kept[1] ?? {}, { state: 'merged', mergedAt: new Date().toISOString() });
      expect((await made.pass()).stdout).not.toContain('render the values');
      expect(made.branches()).toEqual(['main', 'sluice/reviews']);
    });

    it('closes the request for manifests that a person mended', async () => {
      const made = await hub.ground('all');
      const right = made.onServer(manifests);
      stale(made);
      await made.pass();
      expect(hub.forge.kept[1]).toMatchObject({ title: 'chore(reviews): render the values', state: 'open' });
      made.person({ [manifests]: `${right}\n` });
      expect((await made.pass()).stdout).toMatch(/rendered: closed #2 \S+\n {2}all is rendered as the values say\n/);
      expect(hub.forge.kept[1]).toMatchObject({ state: 'closed' });
    });

    it('says with --dry-run that manifests would wait', async () => {
      const made = await hub.ground('all');
      stale(made);
      const { stdout } = await made.pass('--dry-run');
      expect(stdout).toContain('reviews: render the values\n  would wait for the merge of a pull request\n');
      expect(hub.forge.exchanges).toEqual([]);
    });
  });

  it('says in JSON what a decision waits for', async () => {
    const made = await hub.ground('[promote]');
    await made.passes(2);
    const { decisions, closed } = JSON.parse((await made.pass('--output', 'json')).stdout);
    const request = { name: '#1', url: 'https://github.example/ada/releases/pull/1' };
    expect(decisions).toMatchObject([{ kind: 'promote', request: { kind: 'waiting', news: 'opened', request } }]);
    expect(closed).toEqual([]);
  });

  it('leaves the token nowhere', async () => {
    const made = await hub.ground('[promote]');
    hub.forge.obstacles.push({ status: 403, answer: { message: `no to ${forgeToken}` } });
    const outcomes = [await made.passes(3), await made.pass()];
    expect(outcomes.map(({ code }) => code)).toEqual([2, 0]);
    expect(JSON.stringify(outcomes)).not.toContain(forgeToken);
    expect(JSON.stringify(hub.forge.kept)).not.toContain(forgeToken);
    const { root } = made.workspace.repository;
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path));
    const holding = files.filter((path) => statSync(path).isFile() && readFileSync(path).includes(forgeToken));
    expect(holding).toEqual([]);
  });

  it('says what is missing where there is no token', async () => {
    const made = await hub.ground('[promote]');
    vi.stubEnv('FORGE_TOKEN', '');
    const { code, stderr } = await made.pass();
    expect(code).toBe(2);
    expect(stderr).toContain('Cannot read git.token from the variable FORGE_TOKEN: it is empty');
  });
});
