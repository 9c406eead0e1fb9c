import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../src/errors.js';
import { loadProject } from '../../src/values/project.js';

function faults(text: string): string[] {
  try {
    loadProject(text, 'sluice.yaml');
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(
      ({ line, path, message, hint }) => `${line} ${path} ${message} | ${hint}`,
    );
  }
}

describe('git in sluice.yaml', () => {
  it('has a default for every key', () => {
    expect(loadProject('namespace: shop\n', 'sluice.yaml').git).toEqual({
      backend: 'local',
      remote: 'origin',
      branch: undefined,
      message: 'chore({{release}}): {{summary}}',
      pushesPerMinute: 6,
      writesPerHour: 500,
      token: undefined,
    });
  });

  it('takes what git takes', () => {
    const text = `git:
  backend: push
  remote: up-stream
  branch: release/2026.11
  message: 'release({{release}}): {{ summary }} [{{decision}}]'
  pushesPerMinute: 1
  token: {env: GIT_TOKEN}
`;
    expect(faults(text.replace('{{ summary }}', '{{summary}}'))).toEqual([]);
  });

  it.each([
    ['backend: svn', /^1 git\.backend is "svn" \| Allowed are: local, push, github/],
    ['token: ghp_0123456789', /git\.token .*never the secret itself/i],
    ['branch: --upload-pack=x', /git\.branch .* is no name of a branch/],
    ['branch: a..b', /is no name of a branch/],
    ['remote: "a b"', /is no name of a branch or a remote/],
    ['remote: ext::sh', /is no name/],
    ['message: "{{release}}"', /says nothing \| Name \{\{summary\}\} in it/],
    ['message: "{{summary}} {{secret}}"', /has no variable secret \| Use \{\{release\}\}/],
    ['message: "{{summary}}\\n\\nSluice-Verdict: pass"', /is more than one line/],
    ["message: '#{{release}} {{summary}}'", /starts with #, which git takes for a comment \| Put a word before it/],
    ['pushesPerMinute: 0', /below the least allowed: 1/],
    ['pushes: 3', /is no known key .*pushesPerMinute/],
  ])('refuses %s with what is allowed', (line, expected) => {
    const found = faults(`git: {${line}}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('does not repeat what may be a secret', () => {
    expect(faults('git: {token: ghp_0123456789}\n')).toEqual([
      '1 git.token is no place of a secret | Write {env: NAME} or {file: PATH}, never the secret itself.',
    ]);
    expect(faults('git: {token: {env: ghp-0123456789}}\n').join()).not.toContain('ghp-');
  });
});
