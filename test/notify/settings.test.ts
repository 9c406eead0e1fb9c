import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { loadProject } from '../../src/values/project.js';

function faults(entry: string): string[] {
  try {
    loadProject(`notifications:\n- ${entry}\n`, 'sluice.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, path, message, hint }) => `${line} ${path} ${message} | ${hint}`);
  }
}

describe('notifications in sluice.yaml', () => {
  it('are nobody unless they are named', () => {
    expect(loadProject('namespace: shop\n', 'sluice.yaml').notifications).toEqual([]);
  });

  it.each(['on', '"on"'])('take %s as it is written, though YAML has another word for it', (key) => {
    const text = `notifications: [{kind: slack, url: {env: X}, ${key}: [promote, roll back]}]\n`;
    expect(loadProject(text, 'sluice.yaml').notifications).toMatchObject([{ on: ['promote', 'roll back'] }]);
  });

  it('tell of all that the kind can tell of, by default', () => {
    const [status, hook] = loadProject(
      'notifications: [{kind: github-status}, {kind: webhook, url: {file: /run/url}}]\n',
      'sluice.yaml',
    ).notifications;
    expect(status?.on).toEqual(['advance', 'promote', 'roll back', 'hold', 'command', 'inconclusive']);
    expect(hook?.on).toContain('failure');
    expect(hook).toMatchObject({ method: 'POST', template: '{{json}}', contentType: 'application/json' });
  });

  it.each([
    ['{kind: slak, url: {env: X}}', /^2 notifications\[0\]\.kind is "slak" \| Did you mean slack\?/],
    ['{kind: slack}', /^2 notifications\[0\]\.url is missing \| Slack needs it, as \{env: NAME\}/],
    ['{kind: slack, url: {env: X}, method: PUT}', /\.method is nothing that slack reads \| Its keys are kind, on, url/],
    ['{kind: slack, url: {env: X}, on: [rollback]}', /\.on\[0\] is "rollback" \| Did you mean roll back\?/],
    ['{kind: slack, url: {env: X}, urll: 1}', /is no known key \| Did you mean url\? .*\bon\b/],
    ['{kind: github-status, on: [failure]}', /\.on has failure, which has no commit \| Allowed are advance/],
    ['{kind: webhook, url: {env: X}, template: "{{relase}}"}', /has no variable relase \| Use \{\{event\}\}/],
    ['{kind: webhook, url: {env: X}, template: "{\\"a\\": {{release}}}"}', /is no JSON once it is filled in/],
    ['{kind: webhook, url: {env: X}, template: "{\\"a\\": \\"{{json}}\\"}"}', /is no JSON once it is filled in/],
    ['{kind: webhook, url: {env: X}, headers: {Host: a}}', /is a header that sluice sets itself/],
    ['{kind: webhook, url: {env: X}, headers: {"a b": a}}', /is no name of a header/],
    ['{kind: webhook, url: {env: X}, headers: {X-A: "a\\r\\nb: c"}}', /is no text of a header/],
  ])('refuse %s', (entry, expected) => {
    const found = faults(entry);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it.each([
    '{kind: slack, url: "https://hooks.slack.com/pl4nted"}',
    '{kind: slack, url: {env: "https://hooks.slack.com/pl4nted"}}',
    '{kind: github-status, token: ghp_pl4nted}',
    '{kind: webhook, url: {env: X}, headers: {Authorization: Bearer pl4nted}}',
    '{kind: webhook, url: {env: X}, headers: {X-Api-Key: pl4nted}}',
  ])('do not repeat what may be a secret: %s', (entry) => {
    const found = faults(entry);
    expect(found.join()).toMatch(/\{env: NAME\} or \{file: PATH\}, never the secret itself/);
    expect(found.join()).not.toContain('pl4nted');
  });
});
