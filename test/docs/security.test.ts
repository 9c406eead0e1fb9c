import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { page, root } from './pages.js';

/** The rows of the tables that have a column of tests, without their heads. */
const rows = [...page('docs/security.md').text.matchAll(/^\|.*\| test \|\n\|[-|]+\|\n((?:\|.*\n)+)/gm)].flatMap(
  ([, body = '']) => body.trim().split('\n'),
);

test('every table of docs/security.md is read', () => {
  expect(rows.length).toBeGreaterThan(60);
});

test.each(rows)('the test is there that docs/security.md names: %s', (row) => {
  const [, file = '', title = ''] = /\| `(test\/\S+\.test\.ts)` (.+) \|$/.exec(row) ?? [];
  expect(file, 'a line names `test/….test.ts` and a title').not.toBe('');
  expect(existsSync(join(root, file)), file).toBe(true);
  const source = readFileSync(join(root, file), 'utf8');
  const titles = [...source.matchAll(/\b(?:it|test|describe)\b(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1,/g)];
  expect(titles.map(([, , each]) => each)).toContain(title);
});

test('no test of test/security is missing in docs/security.md', () => {
  const text = page('docs/security.md').text;
  const files = ['git', 'paths', 'yaml', 'patterns', 'terminal', 'messages', 'metric-server', 'secrets', 'untrusted'];
  for (const file of files) expect(text).toContain(`test/security/${file}.test.ts`);
});
