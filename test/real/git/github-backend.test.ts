import { afterEach, expect, it } from 'vitest';
import type { Proposal } from '../../../src/gitops/proposal.js';
import { publish } from '../../../src/gitops/publish.js';
import { backendSuite, change, planOf } from '../../gitops/conformance/backend-suite.js';
import { type GithubGround, type GithubOptions, githubGround } from './github-ground.js';

const grounds: GithubGround[] = [];

afterEach(() => {
  for (const { fake, git } of grounds.splice(0)) {
    expect(fake.faults).toEqual([]);
    expect(git('for-each-ref', '--format=%(refname)', 'refs/heads/sluice/')).toBe('');
  }
});

async function made(files: Readonly<Record<string, string>>, options: GithubOptions = {}): Promise<GithubGround> {
  const ground = await githubGround(files, options);
  grounds.push(ground);
  return ground;
}

it('github publishes many releases in turns, those first that may not wait', async () => {
  const { backend, copy, git, fake } = await made({ other: '1\n' });
  const proposals = Array.from({ length: 45 }, (_, index): Proposal => {
    const release = `r${index}`;
    return { release, urgent: index === 44, plan: () => planOf(release, [change(`r/${release}`, '1\n')]) };
  });
  const read = (path: string) => (copy.exists(path) ? copy.read(path) : undefined);
  const outcomes = await publish(proposals, { backend, repository: await backend.sync(), read });
  expect(outcomes.map(({ kind }) => kind)).toEqual(proposals.map(() => 'committed'));
  const subjects = git('log', '--reverse', '--format=%s', 'main').split('\n');
  expect(subjects).toHaveLength(46);
  expect(subjects[1]).toBe('chore(r44): do r44');
  expect(fake.operations().filter((each) => each === 'updateRefs')).toHaveLength(2);
  expect(copy.git('rev-parse', 'HEAD')).toBe(git('rev-parse', 'main'));
});

backendSuite('github', (files) => made(files), { modes: 'refused' });
