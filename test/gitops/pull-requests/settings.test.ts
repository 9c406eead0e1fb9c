import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/errors.js';
import { loadProject } from '../../../src/values/project.js';

function problemsOf(text: string): string[] {
  try {
    loadProject(text, 'sluice.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
  }
}

const git = (pullRequests: string, backend = 'push') =>
  `git:\n  backend: ${backend}\n  token: {env: T}\n  pullRequests: {${pullRequests}}\n`;

describe('git.pullRequests', () => {
  it('has defaults for all but what waits and where', () => {
    expect(loadProject(git('for: [promote], host: gitea'), 'sluice.yaml').git.pullRequests).toEqual({
      ...{ for: ['promote'], host: 'gitea', url: undefined, repository: undefined, labels: [], reviewers: [] },
    });
    expect(loadProject('{}', 'sluice.yaml').git.pullRequests).toBeUndefined();
  });

  it.each([
    ['for: all, host: github', 'local', 'git.pullRequests', 'needs a server to open requests on'],
    ['for: [roll back], host: github', 'push', 'git.pullRequests.for', 'is neither all nor a list of advance, promote'],
    ['for: [], host: github', 'push', 'git.pullRequests.for', 'is 0 long'],
    ['for: all, host: bitbucket', 'push', 'git.pullRequests.host', ''],
    ['for: all, host: gitea, url: "http://git.example/api/v1"', 'push', 'git.pullRequests.url', 'is no safe URL'],
    ['for: all, host: gitea, url: "https://a:b@git.example"', 'push', 'git.pullRequests.url', 'is no safe URL'],
    ['for: all, host: gitea, repository: ../../admin', 'push', 'git.pullRequests.repository', 'is no name'],
    ['for: all, host: gitea, repository: a/b?c', 'push', 'git.pullRequests.repository', 'is no name'],
    ['for: all, host: gitea, labels: ["a,b"]', 'push', 'git.pullRequests.labels[0]', 'holds a comma'],
    ['for: all, host: gitea, token: x', 'push', 'git.pullRequests.token', ''],
    ['host: gitea', 'push', 'git.pullRequests.for', ''],
  ])('refuses {%s} with backend %s', (settings, backend, path, message) => {
    const problems = problemsOf(git(settings, backend));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`4 ${path}: `);
    expect(problems[0]).toContain(message);
  });
});
