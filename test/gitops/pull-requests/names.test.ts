import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate } from '../../../src/gitops/pull-requests/location.js';
import { renderedBranch, requestBranch } from '../../../src/gitops/pull-requests/request-branch.js';
import { pullRequestSettings } from '../../../src/values/project/pull-requests.js';

describe('requestBranch()', () => {
  it.each([
    ['reviews', '', 'sluice/reviews'],
    ['team/reviews', '', 'sluice/team.reviews'],
    ['team/reviews', 'apps/', 'sluice/apps.team.reviews'],
    ['Team_A/re-views', '', 'sluice/Team_A.re-views'],
  ])('of %s in %j is readable', (release, prefix, branch) => {
    expect(requestBranch(release, prefix)).toBe(branch);
  });

  it.each([
    '.',
    '.github/x',
    'a.b',
    'a b',
    'x/lock',
    '-x',
    'a/../b',
    '@{-1}',
    'ä',
    'a'.repeat(300),
    '$(id)',
    'a~1',
    'a\nb',
  ])('of %j is a name that git takes', (release) => {
    const branch = requestBranch(release);
    expect(execFileSync('git', ['check-ref-format', '--branch', branch], { encoding: 'utf8' }).trim()).toBe(branch);
    expect(branch).toMatch(/^sluice\/[\w.-]+$/);
  });

  it('is another one for another release, and no folder of one', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '-', ' '), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other);
        const [a, b] = [requestBranch(one), requestBranch(other)];
        expect(a).not.toBe(b);
        expect(b.startsWith(`${a}/`)).toBe(false);
      }),
    );
  });
});

describe('renderedBranch()', () => {
  it.each([
    ['', 'sluice/rendered'],
    ['apps/', 'sluice/apps.rendered'],
  ])('of %j is readable', (prefix, branch) => {
    expect(renderedBranch(prefix)).toBe(branch);
  });

  it.each(['', 'apps/', 'a b/'])('below %j is no branch of a release, here or in another workspace', (prefix) => {
    const branch = renderedBranch(prefix);
    expect(requestBranch('rendered', prefix)).not.toBe(branch);
    expect(requestBranch(`${prefix}rendered`)).not.toBe(branch);
  });
});

describe('locate()', () => {
  const settings = (host: 'github' | 'gitlab' | 'gitea', more = {}) =>
    pullRequestSettings({ for: 'all', host, ...more });

  it.each([
    ['github', 'https://github.com/ada/releases.git', 'https://api.github.com', 'ada/releases'],
    ['github', 'git@github.com:ada/releases.git', 'https://api.github.com', 'ada/releases'],
    ['github', 'ssh://git@ssh.github.com:443/ada/releases.git', 'https://api.github.com', 'ada/releases'],
    ['github', 'https://git.corp.example/ada/releases', 'https://git.corp.example/api/v3', 'ada/releases'],
    ['gitlab', 'https://user:secret@gitlab.com/a/b/c.git', 'https://gitlab.com/api/v4', 'a/b/c'],
    ['gitlab', 'ssh://git@gitlab.example:2222/a/b.git', 'https://gitlab.example/api/v4', 'a/b'],
    ['gitea', 'http://127.0.0.1:3000/ada/releases.git/', 'http://127.0.0.1:3000/api/v1', 'ada/releases'],
  ] as const)('of %s at %s', (host, remote, url, repository) => {
    expect(locate(settings(host), remote)).toEqual({ url, repository });
  });

  it('prefers what the settings say', () => {
    const said = settings('gitea', { url: 'https://git.example/api/v1/', repository: 'x/y' });
    expect(locate(said, '/srv/git/releases.git')).toEqual({ url: 'https://git.example/api/v1', repository: 'x/y' });
  });

  it('says what to write where the remote does not tell, without its credentials', () => {
    expect(() => locate(settings('gitea'), '/srv/git/releases.git')).toThrow('Cannot tell git.pullRequests.url');
    const lone = 'https://user:secret@git.example/releases.git';
    expect(() => locate(settings('gitea'), lone)).toThrow('its URL is https://***@git.example/releases.git');
  });
});
