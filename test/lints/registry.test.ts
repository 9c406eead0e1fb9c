import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Lint } from '../../src/lints/lint.js';
import { lintValues, unusedAllow } from '../../src/lints/lint-values.js';
import { lints } from '../../src/lints/registry.js';
import { loadValues } from '../../src/values/load.js';
import { page } from '../docs/pages.js';

const ids = Object.keys(lints);
const sections = page('docs/lints.md').text.split(/^### /m).slice(1);

describe('lints', () => {
  test('are called in the registry and in their files as in their codes', () => {
    for (const [id, lint] of Object.entries(lints)) {
      expect(lint.id).toBe(id);
      expect(readFileSync(`src/lints/${id}.ts`, 'utf8')).toContain(`id: '${id}'`);
      expect(existsSync(`test/lints/${id}.test.ts`)).toBe(true);
    }
  });

  test('have a section each in docs/lints.md, and no other has one', () => {
    expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual([...ids, unusedAllow].sort());
  });

  test.each(sections)('%s', (section) => {
    const [id = '', , line = ''] = section.split('\n');
    const all: Record<string, Pick<Lint, 'severity' | 'needs'>> = { ...lints, [unusedAllow]: { severity: 'warning' } };
    const { severity, needs } = all[id] ?? {};
    const when = { comparison: ', with --against', project: ', in a workspace' };
    expect(line).toBe(`*${severity}${needs === undefined ? '' : when[needs]}*`);
    expect(section).toMatch(/\n\*\*Why\.\*\* \S/);
    expect(section).toMatch(/\n\*\*How to mend it\.\*\* \S/);
  });
});

describe('every starter', () => {
  const folder = 'templates/values';
  test.each(readdirSync(folder))(
    '%s has no error, and no warning but the one that its author has to decide',
    (name) => {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      const found = lintValues({ loaded: loadValues(text, { file: name, name: 'shop', namespace: 'default' }) });
      const grave = found.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
      // Whether a service only reads, nobody but its author knows; to copy GET alone would compare it with all requests.
      const asks = /^(istio|gateway-api|emissary)-mirrored/.test(name) ? ['lint/mutating-mirror'] : [];
      expect(grave).toEqual(asks);
    },
  );
});
