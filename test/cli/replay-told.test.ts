import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { twoDecided } from './decided.js';
import { Ground, values } from './people/ground.js';
import type { ScratchWorkspace } from './workspace.js';

const statusFile = 'releases/team/ratings/status.yaml';

it('replay() makes a decision again whose status told less of the primary, the winner and the end', async () => {
  const decided = await twoDecided();
  const rolledBack = decided.git('log', '-1', '--format=%H', '--', statusFile);
  expect(decided.git('log', '-1', '--format=%s', rolledBack)).toBe('chore(ratings): roll back ratings-v2 5 % → 0 %');
  decided.reset(rolledBack);
  const { startedAt, ...status } = parse(decided.read(statusFile));
  expect(startedAt).toBeDefined();
  const rewrite = (change: object) => {
    decided.write(statusFile, stringify({ ...status, ...change }));
    decided.git('commit', '--quiet', '--all', '--amend', '--no-edit');
  };
  const [{ assessments, ...primary }, ...others] = status.versions;
  expect(assessments).toHaveLength(1);
  rewrite({ winner: { ...status.winner, found: false }, versions: [primary, ...others] });
  expect(await decided.run('replay', 'HEAD')).toMatchObject({ code: 0 });
  rewrite({ startedAt, winner: { ...status.winner, found: false } });
  expect(await decided.run('replay', 'HEAD')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('status.winner.found'),
  });
  rewrite({ phase: 'Terminated' });
  expect(await decided.run('replay', 'HEAD')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('status.phase'),
  });
});

const reviews = 'releases/reviews/status.yaml';

/** The newest commit, with another status. */
function amend(workspace: ScratchWorkspace, status: object): void {
  workspace.write(reviews, stringify(status));
  workspace.git('commit', '--quiet', '--all', '--amend', '--no-edit');
}

it('replay() makes a decision again whose status told nothing of what was found before', async () => {
  const ground = await Ground.start(
    'manifests',
    values.replace('rollout: {', 'rollout: {onMetricsDown: {hold: 1h, then: ask}, '),
  );
  const { workspace } = ground;
  await ground.passes(2);
  const project = workspace.read('sluice.yaml');
  workspace.commit({ 'sluice.yaml': project.replace(/http:[^"]+/, 'http://127.0.0.1:1') });
  await ground.pass();
  const { verdict, assessments, winner, versions, ...status } = parse(workspace.read(reviews));
  expect(status).toMatchObject({ iteration: 3, metricsDownSince: expect.any(String) });
  expect({ verdict, assessments, winner, versions }).toMatchObject({ winner: { currentBest: 'reviews-v2' } });
  expect(await workspace.run('replay', 'HEAD')).toMatchObject({ code: 0 });
  amend(workspace, status);
  expect(await workspace.run('replay', 'HEAD')).toMatchObject({ code: 0 });
  const different = async (change: object) => {
    amend(workspace, { ...status, ...change });
    return await workspace.run('replay', 'HEAD');
  };
  const found = { verdict, assessments, winner, versions };
  expect(await different({ ...found, verdict: undefined })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('status.verdict'),
  });
  expect(await different({ winner: { ...winner, found: false } })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('status.winner.found'),
  });
});

it('replay() finds a false winner and a false end also where nobody knows of a start', async () => {
  const ground = await Ground.start();
  const { workspace } = ground;
  await ground.ran('promote', 'reviews', '--version', 'reviews-v2');
  const status = parse(workspace.read(reviews));
  expect(status).toMatchObject({ phase: 'Completed', endedAt: status.updatedAt });
  expect(status).not.toHaveProperty('startedAt');
  expect((await workspace.run('replay', 'HEAD')).stdout).toContain('the same again');
  for (const change of [
    { winner: { currentBest: 'reviews-v1', found: false } },
    { endedAt: '2020-01-01T00:00:00.000Z' },
  ]) {
    amend(workspace, { ...status, ...change });
    expect((await workspace.run('replay', 'HEAD')).stdout).not.toContain('the same again');
  }
});
