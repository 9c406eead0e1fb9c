import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeForge } from './fake-forge.js';
import { githubDialect } from './fake-github.js';
import { gitlabDialect } from './fake-gitlab.js';
import { gitlabFaults } from './gitlab-contract.js';
import { hostOf, hostSuite } from './host-suite.js';

hostSuite('github', githubDialect());
hostSuite('gitlab', gitlabDialect, gitlabFaults);

describe('openHost() of github', () => {
  it('asks teams for a review by the last part of their names', async () => {
    const forge = await FakeForge.start(githubDialect());
    onTestFinished(() => forge.stop());
    const host = await hostOf('github', forge);
    forge.keep({ branch: 'sluice/reviews' });
    await host.addReviewers(1, ['bob', 'acme/platform']);
    expect(forge.kept[0]?.reviewers).toEqual(['bob', 'team platform']);
  });
});

describe('openHost() of gitlab', () => {
  it('keeps those who are asked already', async () => {
    const forge = await FakeForge.start(gitlabDialect);
    onTestFinished(() => forge.stop());
    const host = await hostOf('gitlab', forge);
    forge.keep({ branch: 'sluice/reviews' });
    await host.addReviewers(1, ['bob']);
    await host.addReviewers(1, ['eve']);
    expect(forge.kept[0]?.reviewers).toEqual(['bob', 'eve']);
  });

  it('names a reviewer that GitLab does not know', async () => {
    const forge = await FakeForge.start(gitlabDialect);
    onTestFinished(() => forge.stop());
    const host = await hostOf('gitlab', forge);
    forge.keep({ branch: 'sluice/reviews' });
    await expect(host.addReviewers(1, ['mallory'])).rejects.toThrow('Cannot find mallory among the users of GitLab');
  });
});
