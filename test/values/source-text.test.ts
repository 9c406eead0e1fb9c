import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseSourceText } from '../../src/values/source-text.js';
import { tooDeepAt } from '../../src/values/token-depth.js';
import { loadedOf, twoVersions } from '../release-of.js';
import { plainScalars } from './plain-scalars.js';

const special = ['yes', 'No', 'ON', 'off', 'True', 'FALSE', 'null', 'Null', '~', 'y', 'N'];
const plain = ['yesterday', 'nullable', 'falsey', 'online', 'truth', 'image', 'v1', 'nothing', 'e+', 'inf', 'infinity'];

test.each([...special, ...plain, '<<'])('parseSourceText() reads %s as the yaml package does', (word) => {
  // Neither a merge of nothing nor an empty key is read at all.
  const text = `- ${word}\n- ${word}: 1\n`.replace(/- (<<|null|Null|~): 1\n/, '');
  expect(parseSourceText(text, 'v.yaml').data).toEqual(parse(text, { version: '1.1' }));
});

test('parseSourceText() reads any word as the yaml package does, save that none with e is a number and no key is empty', () => {
  const other = /^(e[-+]?\d+|(~|null):+)$/i;
  const word = fc.stringMatching(/^[a-zA-Z~_][a-zA-Z0-9.+_:~-]{0,7}$/).filter((text) => !other.test(text));
  const scalar = fc.oneof(word, fc.constantFrom(...special, ...plain), fc.mixedCase(fc.constantFrom(...special)));
  fc.assert(
    fc.property(scalar, fc.constantFrom('', '%YAML 1.2\n---\n'), (value, directive) => {
      const text = `${directive}[${value}]\n`;
      const expected = attempt(() => parse(text, { version: '1.1' }));
      expect(attempt(() => parseSourceText(text, 'v.yaml').data)).toEqual(expected);
    }),
  );
});

test.each(plainScalars)('parseSourceText() reads %s as Helm does', (word, number) => {
  const read = number ?? word;
  const text = `- ${word}\n- {? ${word} : 1}\n- '${word}'\n`;
  expect(parseSourceText(text, 'v.yaml').data).toEqual([read, { [String(read)]: 1 }, word]);
});

test('parseSourceText() reads a number, or none, from whatever may be one', () => {
  const scalar = fc.stringMatching(/^[-+.0-9][-+.0-9_eExXbo]{0,9}$/).filter((text) => !/^(-+|---.*|\.{3})$/.test(text));
  fc.assert(
    fc.property(scalar, (text) => {
      const { data } = parseSourceText(`a: ${text}\n`, 'v.yaml') as { data: { a: unknown } };
      expect(data.a === text || Number.isFinite(data.a)).toBe(true);
    }),
  );
});

test('loadValues() refuses numbers that JSON does not know, where they stand', () => {
  const overlay = '  deployment: {spec: {template: {a: .inf, b: -.Inf, c: [.nan]}}}\n  port';
  const problems = ['a', 'b', 'c[0]'].map((key) =>
    expect.objectContaining({
      path: `application.deployment.spec.template.${key}`,
      message: expect.stringMatching('JSON'),
    }),
  );
  const text = twoVersions('istio', 'none').replace('  port', overlay);
  expect(() => loadedOf(text)).toThrow(expect.objectContaining({ problems }));
});

test('parseSourceText() refuses what is too deep at its last place, however deep it is', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  expect(() => parseSourceText(`a: ${nested(90)}\n`, 'v.yaml')).not.toThrow();
  const text = `a: ${nested(200)}\nb: ${nested(5000)}\nc: 1\n`;
  const refused = expect.objectContaining({ line: 2, message: 'is nested more than 100 levels deep' });
  expect(() => parseSourceText(text, 'v.yaml')).toThrow(expect.objectContaining({ problems: [refused] }));
});

test('tooDeepAt() counts the levels of a token', () => {
  const leaf = { type: 'scalar', offset: 7, indent: 0, source: 'x' } as const;
  expect([tooDeepAt(leaf, 0), tooDeepAt(leaf, -1)]).toEqual([undefined, 7]);
});

function attempt(read: () => unknown): unknown {
  try {
    return { data: read() };
  } catch {
    return 'refused';
  }
}
