import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillPromql, promqlFault } from '../../src/sources/promql-template.js';
import { valuesOf } from '../../src/sources/variables.js';
import { subjectOf } from './subject-of.js';

const windows = { interval: 60, firstEnd: 600, lastEnd: 720 };

function fill(template: string, ...services: readonly string[]): string {
  return fillPromql(
    template,
    services.map((service) => valuesOf(subjectOf(service), windows)),
  );
}

test('fillPromql() fills names into strings and numbers anywhere', () => {
  const query = 'sum(increase(orders{s="{{service}}", n=\'{{ namespace }}\'}[{{interval}}s] @ {{end}})) > {{start}}';
  expect(fill(query, 'reviews-v1')).toBe('sum(increase(orders{s="reviews-v1", n=\'default\'}[60s] @ 720)) > 540');
});

test('fillPromql() makes alternatives of several in a regular expression', () => {
  expect(fill('x{s=~"{{service}}", pod=~"{{service}}-.*"}', 'b', 'a.1', 'a.1')).toBe(
    'x{s=~"(?:a\\\\.1|b)", pod=~"(?:a\\\\.1|b)-.*"}',
  );
});

/** Reads the strings of PromQL as its own lexer does; undefined for what is not whole. */
function stringsOf(query: string): string[] | undefined {
  const strings: string[] = [];
  for (let i = 0; i < query.length; i += 1) {
    const quote = query.charAt(i);
    if (quote !== '"' && quote !== "'") continue;
    let text = '';
    for (i += 1; query.charAt(i) !== quote; i += 1) {
      if (i >= query.length || query.charAt(i) === '\n') return undefined;
      if (query.charAt(i) !== '\\') text += query.charAt(i);
      else {
        i += 1;
        const hex = query.charAt(i) === 'u' ? query.slice(i + 1, i + 5) : '';
        const plain: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
        text +=
          hex === '' ? (plain[query.charAt(i)] ?? query.charAt(i)) : String.fromCharCode(Number.parseInt(hex, 16));
        i += hex.length;
      }
    }
    strings.push(text);
  }
  return strings;
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', "'", '\\', '}', '{', '|', '.', '*', '$', '`', '#', '\n', '(', ')', '-', 'a'),
  }),
);

test('fillPromql() lets no name end its string, or be read as anything but itself', () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const query = fill('x{a="{{service}}", b=\'{{service}}\', c=~"{{service}}", d!~\'{{service}}x\'} + y', name);
      const [plain, single, regex, other, ...more] = stringsOf(query) ?? [];
      expect([plain, single, more]).toEqual([name, name, []]);
      expect(new RegExp(`^(?:${regex})$`, 's').test(name)).toBe(true);
      expect(new RegExp(`^(?:${other})$`, 's').test(`${name}x`)).toBe(true);
      expect(query.replace(/(["'])(?:\\.|(?!\1).)*\1/gs, 'S')).toBe('x{a=S, b=S, c=~S, d!~S} + y');
    }),
  );
});

test('fillPromql() matches several by themselves and nothing else', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 2, maxLength: 4 }), hostile, (all, other) => {
      const [regex = ''] = stringsOf(fill('x{a=~"{{service}}"}', ...all)) ?? [];
      const matcher = new RegExp(`^(?:${regex})$`, 's');
      expect(all.every((name) => matcher.test(name))).toBe(true);
      expect(matcher.test(other)).toBe(all.includes(other));
    }),
  );
});

test.each([
  ['up{s="{{servce}}"}', 'one', /^has no variable servce: use \{\{release\}\}, /],
  ['up{s="{{}}"}', 'one', /^has no variable \{\{\}\}/],
  ['up{s="{{service"}', 'one', /^has braces that are no variable/],
  ['{{service}}', 'one', /outside of quotes/],
  ['up{s="a"} # {{service}}', 'one', /outside of quotes/],
  ['up{s=`{{service}}`}', 'one', /between backquotes/],
  ['up{s="{{service}}"}', 'all', /is in no regular expression/],
  ['up{s=~"a", t="{{service}}"}', 'all', /is in no regular expression/],
] as const)('promqlFault() finds what is wrong with %s for %s', (template, many, fault) => {
  expect(promqlFault(template, many)).toMatch(fault);
});

test.each([
  ['up{s="{{service}}"}[{{interval}}s]', 'one'],
  ['up{s="a\\"b", t = "{{service}}"}', 'one'],
  ['up{s=\'#\', t="{{service}}"} # {{end}}', 'one'],
  ['up{s =~ "{{service}}.*"}', 'all'],
  ['# "\nup{s=~"{{service}}"}', 'all'],
] as const)('promqlFault() takes %s for %s', (template, many) => {
  expect(promqlFault(template, many)).toBeUndefined();
});
