import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseSourceText } from '../../src/values/source-text.js';
import { tooDeepAt } from '../../src/values/token-depth.js';

const special = [
  'yes',
  'No',
  'ON',
  'off',
  'True',
  'FALSE',
  'null',
  'Null',
  '~',
  'y',
  'N',
  '0x1F',
  '1_000',
  '1:30',
  '.nan',
];
const plain = [
  'yesterday',
  'nullable',
  'falsey',
  'online',
  'truth',
  'image',
  'v1',
  'nothing',
  'e3',
  'E-12',
  'e+',
  'inf',
  'infinity',
];

test.each([...special, ...plain, '2001-01-01', '1e3', '<<'])(
  'parseSourceText() reads %s as the yaml package does',
  (word) => {
    const text = `- ${word}\n- ${word}: 1\n`.replace('- <<: 1\n', '');
    expect(parseSourceText(text, 'v.yaml').data).toEqual(parse(text, { version: '1.1' }));
  },
);

test('parseSourceText() reads any scalar as the yaml package does', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9.+_:~-]{1,8}$/);
  const scalar = fc.oneof(word, fc.constantFrom(...special, ...plain), fc.mixedCase(fc.constantFrom(...special)));
  fc.assert(
    fc.property(scalar, fc.constantFrom('', '%YAML 1.2\n---\n'), (value, directive) => {
      const text = `${directive}[${value}]\n`;
      const expected = attempt(() => parse(text, { version: '1.1' }));
      expect(attempt(() => parseSourceText(text, 'v.yaml').data)).toEqual(expected);
    }),
  );
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
