import { describe, expect, it, onTestFinished } from 'vitest';
import { openHost } from '../../../src/gitops/pull-requests/hosts.js';
import { patientFetch } from '../../../src/gitops/pull-requests/patient-fetch.js';
import { Secret } from '../../../src/gitops/secret.js';
import { FakeForge, forgeToken } from './fake-forge.js';
import { githubDialect } from './fake-github.js';
import { gitlabDialect } from './fake-gitlab.js';
import { gitlabFaults } from './gitlab-contract.js';
import { hostSuite } from './host-suite.js';

hostSuite('github', githubDialect());
hostSuite('gitlab', gitlabDialect, gitlabFaults);

describe('makeHost() of github', () => {
  it('asks teams for a review by the last part of their names', async () => {
    const forge = await FakeForge.start(githubDialect());
    onTestFinished(() => forge.stop());
    const input = { url: forge.url, repository: 'ada/releases', token: new Secret(forgeToken) };
    const host = await openHost('github', { ...input, fetch: patientFetch() });
    forge.keep({ branch: 'sluice/reviews' });
    await host.addReviewers(1, ['bob', 'acme/platform']);
    expect(forge.kept[0]?.reviewers).toEqual(['bob', 'team platform']);
  });
});

describe('makeHost() of gitlab', () => {
  it('names a reviewer that GitLab does not know', async () => {
    const forge = await FakeForge.start(gitlabDialect);
    onTestFinished(() => forge.stop());
    const input = { url: forge.url, repository: 'ada/releases', token: new Secret(forgeToken) };
    const host = await openHost('gitlab', { ...input, fetch: patientFetch() });
    forge.keep({ branch: 'sluice/reviews' });
    await expect(host.addReviewers(1, ['mallory'])).rejects.toThrow('Cannot find mallory among the users of GitLab');
  });
});
