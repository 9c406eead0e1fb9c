import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readSecret, redact, Secret } from '../../src/secret.js';
import { scratchFolder } from './scratch-repository.js';

describe('Secret', () => {
  it('shows itself in no way but the one that is meant', () => {
    const secret = new Secret('pl4nted-in-secret');
    const held = { token: secret, list: [secret] };
    const shown = [`${secret}`, JSON.stringify(held), inspect(held, { depth: 9, showHidden: true }), String(secret)];
    expect(shown.join(' ')).not.toContain('pl4nted');
    expect(Object.keys(secret)).toEqual([]);
    expect(secret.reveal()).toBe('pl4nted-in-secret');
  });
});

describe('redact()', () => {
  it('takes a secret out of the words of others, in every form that it is sent in', () => {
    const text = 'p4 "ss"/+w\\ö';
    const secret = new Secret(text);
    const basic = Buffer.from(`x-access-token:${secret.reveal()}`).toString('base64');
    const forms = [
      text,
      encodeURIComponent(text),
      JSON.stringify(text),
      Buffer.from(text).toString('base64url'),
      basic,
    ];
    for (const form of forms) expect(redact(`fatal: ${form}, it says`)).toMatch(/^fatal: "?\*\*\*"?, it says$/);
  });

  it('takes credentials out of URLs, also where they hold an @', () => {
    expect(redact('fatal: https://ada:p@ss@git.example/x and ssh://me@host')).toBe(
      'fatal: https://***@git.example/x and ssh://***@host',
    );
  });
});

describe('readSecret()', () => {
  it('reads a variable, or the one line of a file', () => {
    const root = scratchFolder();
    writeFileSync(join(root, 'token'), '  from-a-file\n');
    const env = { TOKEN: 'from-a-variable\n' };
    expect(readSecret({ env: 'TOKEN' }, 'git.token', { root, env }).reveal()).toBe('from-a-variable');
    expect(readSecret({ file: 'token' }, 'git.token', { root, env }).reveal()).toBe('from-a-file');
  });

  it.each([
    [{ env: 'GONE' }, 'Cannot read git.token from the variable GONE: there is none'],
    [{ env: 'EMPTY' }, 'Cannot read git.token from the variable EMPTY: it is empty'],
    [{ env: 'LINES' }, 'Cannot read git.token from the variable LINES: it has more than one line'],
    [{ file: 'gone' }, 'Cannot read git.token from the file gone: there is none'],
  ])('refuses %j', (source, message) => {
    const env = { EMPTY: ' ', LINES: 'a\nb' };
    const read = () => readSecret(source, 'git.token', { root: scratchFolder(), env });
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code: 'git/no-secret', hint: expect.any(String) }));
  });
});

describe('SLUICE_SECRETS', () => {
  const read = (source: Parameters<typeof readSecret>[0], SLUICE_SECRETS: string | undefined) => {
    const root = scratchFolder();
    writeFileSync(join(root, 'token'), 'from-a-file');
    const env = { GIT_TOKEN: 'meant', AWS_SECRET_ACCESS_KEY: 'not-meant', SLUICE_SECRETS };
    return () => readSecret(source, 'the header X of webhook', { root, env }).reveal();
  };

  it.each([{ env: 'GIT_TOKEN' }, { file: 'token' }])('lets %j be read where it names it, or is not there', (source) => {
    expect(read(source, undefined)).not.toThrow();
    expect(read(source, 'OTHER, GIT_TOKEN,./token')).not.toThrow();
  });

  it.each([{ env: 'AWS_SECRET_ACCESS_KEY' }, { file: 'token' }, { file: '/proc/self/environ' }])(
    'refuses %j where it does not name it',
    (source) => {
      for (const list of ['GIT_TOKEN', '', 'AWS_SECRET', 'token2,GIT_TOKEN']) {
        expect(read(source, list), list).toThrow(
          expect.objectContaining({
            code: 'cli/secret-not-allowed',
            message: expect.stringMatching(
              /^Cannot read the header X of webhook from .*: SLUICE_SECRETS does not name it$/,
            ),
            hint: expect.stringContaining(' to SLUICE_SECRETS where sluice runs.'),
          }),
        );
      }
    },
  );
});
