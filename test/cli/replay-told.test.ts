import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { twoDecided } from './decided.js';

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
