import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../src/errors.js';
import { loadProject } from '../../src/values/project.js';

function faults(git: string): string[] {
  try {
    loadProject(`git: ${git}\n`, 'sluice.yaml');
    return [];
  } catch (error) {
    const { problems } = error as ConfigError;
    return problems.map(({ path, message, hint }) => `${path} ${message} | ${hint}`);
  }
}

describe('git of a repository on GitHub', () => {
  it.each([
    '{backend: github}',
    '{backend: github, token: {env: GITHUB_TOKEN}, repository: ada/cells.github.io}',
    '{backend: github, app: {id: 12345, installation: 678, key: {file: /run/secrets/app.pem}}}',
    '{backend: github, app: {id: Iv23liAbc, installation: 678, key: {env: APP_KEY}}, url: "https://ghe.example.test/api/v3"}',
    '{backend: github, url: "http://127.0.0.1:8080/api/v3"}',
    '{backend: github, url: "http://localhost:8080"}',
  ])('may be %s', (git) => {
    expect(faults(git)).toEqual([]);
  });

  it.each([
    [
      '{token: {env: A}, app: {id: 1, installation: 2, key: {env: B}}}',
      /^git\.app is a second way .* \| Keep one of them/,
    ],
    ['{app: {id: 1, installation: 2, key: abcdefgh}}', /^git\.app\.key .*never the secret itself/i],
    ['{app: {id: 1, key: {env: B}}}', /^git\.app\.installation/],
    ['{app: {id: "a b", installation: 2, key: {env: B}}}', /^git\.app\.id "a b" is no id of a GitHub App/],
    ['{url: "http://ghe.example.test/api/v3"}', /^git\.url "http:.*" is no safe URL .* \| Write it as https/],
    ['{url: "http://127.0.0.1.example.test"}', /^git\.url ".*" is no safe URL/],
    ['{url: "https://ada:secret@ghe.example.test"}', /^git\.url ".*" is no safe URL/],
    ['{url: "https://ghe.example.test/?token=x"}', /^git\.url ".*" is no safe URL/],
    ['{url: ghe.example.test}', /^git\.url "ghe.example.test" is no safe URL/],
    ['{repository: cells}', /^git\.repository ".*" is no repository .* \| Write it as owner\/name/],
    ['{repository: ada/..}', /^git\.repository ".*" is no repository/],
    ['{repository: ada/cells/x}', /^git\.repository ".*" is no repository/],
    ['{repository: -ada/cells}', /^git\.repository ".*" is no repository/],
  ])('may not be %s', (git, fault) => {
    const found = faults(git);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(fault);
    expect(found[0]).not.toMatch(/secret@|token=/);
  });
});
