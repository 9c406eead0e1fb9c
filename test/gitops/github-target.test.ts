import { describe, expect, it } from 'vitest';
import { githubTarget, isSameHost } from '../../src/gitops/github/target.js';
import { defaultGit, type GitSettings } from '../../src/values/project/git.js';

function targetOf(remoteUrl: string, settings: Partial<GitSettings> = {}, env: Record<string, string> = {}) {
  return githubTarget({ ...defaultGit, ...settings }, { remoteUrl, env });
}

describe('githubTarget()', () => {
  it.each([
    'https://github.com/ada/cells',
    'https://github.com/ada/cells.git',
    'https://ada:secret@github.com/ada/cells.git/',
    'git@github.com:ada/cells.git',
    'git@github.com:/ada/cells',
    'ssh://git@github.com/ada/cells.git',
    'ssh://git@ssh.github.com:443/ada/cells.git',
    'HTTPS://GitHub.com/ada/cells',
  ])('reads the repository from %s', (url) => {
    expect(targetOf(url)).toEqual({ owner: 'ada', name: 'cells', api: 'https://api.github.com' });
  });

  it('keeps dots in a name', () => {
    expect(targetOf('git@github.com:ada/cells.github.io.git').name).toBe('cells.github.io');
  });

  it.each([
    '/srv/git/cells.git',
    'file:///srv/ada/cells.git',
    'https://github.com/cells',
    'https://github.com/a/b/c',
    '',
  ])('wants a name where %j has none', (url) => {
    expect(() => targetOf(url)).toThrow(
      expect.objectContaining({ code: 'git/no-repository', hint: expect.stringContaining('git.repository') }),
    );
    expect(() => targetOf(url)).not.toThrow(url === '' ? 'undefined' : url);
  });

  it('goes by git.repository and git.url where they are given', () => {
    const settings = { repository: 'bob/x', url: 'https://ghe.example.test/api/v3/' };
    const target = targetOf('/srv/cells.git', settings, { GITHUB_API_URL: 'https://other.example.test' });
    expect(target).toEqual({ owner: 'bob', name: 'x', api: 'https://ghe.example.test/api/v3' });
  });

  it('takes the API of a workflow, and none of that is not safe', () => {
    const url = 'https://ghe.example.test/ada/cells';
    const api = 'https://ghe.example.test/api/v3';
    expect(targetOf(url, {}, { GITHUB_API_URL: api }).api).toBe(api);
    const unsafe = () => targetOf(url, {}, { GITHUB_API_URL: 'http://user:secret@ghe.example.test' });
    expect(unsafe).toThrow(expect.objectContaining({ code: 'git/unsafe-api' }));
    expect(unsafe).not.toThrow('secret');
  });

  it('guesses no API of another host, to which it would send a token', () => {
    expect(() => targetOf('https://github.com.example.test/ada/cells')).toThrow(
      expect.objectContaining({
        code: 'git/no-api',
        hint: expect.stringContaining('https://github.com.example.test/api/v3'),
      }),
    );
  });
});

describe('isSameHost()', () => {
  it.each([
    ['https://api.github.com', 'https://github.com/ada/cells', true],
    ['https://ghe.example.test/api/v3', 'git@ghe.example.test:ada/cells', true],
    ['https://api.github.com', 'https://gitlab.com/ada/cells', false],
    ['https://api.github.com', 'https://evilgithub.com/ada/cells', false],
    ['https://api.github.com', '/srv/cells.git', false],
  ])('of %s and %s is %s', (api, url, expected) => {
    expect(isSameHost(api, url)).toBe(expected);
  });
});
