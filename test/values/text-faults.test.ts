import { describe, expect, test } from 'vitest';
import type { ConfigError } from '../../src/errors.js';
import { parseSourceText } from '../../src/values/source-text.js';

/** Returns where and why a text is refused. */
function refused(text: string): string {
  try {
    return JSON.stringify(parseSourceText(text, 'v.yaml').data);
  } catch (error) {
    const [{ line, column, message, hint } = {}] = (error as ConfigError).problems;
    return `${line}:${column} ${message} | ${hint}`;
  }
}

describe('parseSourceText() refuses', () => {
  test.each([
    ['a: 1\nb: x\u0085y\n', '2:5'],
    ["a: '\u0085'\n", '1:5'],
    ['a: 1 # b\u0085c\n', '1:9'],
    ['a: 1\nb: "\\N"\n', '2:4'],
    ['a: "x\\x85"\n', '1:4'],
    ['a: "\\u0085"\n', '1:4'],
    ['a: "\\U00000085"\n', '1:4'],
    ['a: [{"\\N": 1}]\n', '1:6'],
  ])('U+0085 in %j', (text, place) => {
    expect(refused(text)).toMatch(new RegExp(`^${place} holds the character U\\+0085, .* \\| Remove it, or .*\\.$`));
  });

  test.each([
    [
      'a: {{ .Values }}\n',
      "1:4 has a map or a list as a key, which no object of Kubernetes can | Quote it: '{{ .Values }}'.",
    ],
    [
      "a: [{{ .a 'b' }}]\n",
      "1:5 has a map or a list as a key, which no object of Kubernetes can | Quote it: '{{ .a ''b'' }}'.",
    ],
    [
      '? [a]\n: 1\n',
      '1:3 has a map or a list as a key, which no object of Kubernetes can | Quote it: a key is a text, such as "a".',
    ],
    [
      'a: &x {b: 1}\n*x : 1\n',
      '2:1 has a map or a list as a key, which no object of Kubernetes can | Quote it: a key is a text, such as "a".',
    ],
    ['a:\n  ~: 1\n', '2:3 has an empty key, which Helm refuses | Quote it: a key is a text, such as "a".'],
    ['null: 1\n', '1:1 has an empty key, which Helm refuses | Quote it: a key is a text, such as "a".'],
  ])('the key in %j', (text, words) => {
    expect(refused(text)).toBe(words);
  });
});

test.each([
  ["a: '\\N'\n", { a: '\\N' }],
  ['a: "\\\\x85"\n', { a: '\\x85' }],
  ['a: "x\\u2028"\n', { a: 'x\u2028' }],
  ['a: &x b\n*x : 1\n', { a: 'b', b: 1 }],
  ['a: &x {b: 1}\nc: {<<: *x}\n', { a: { b: 1 }, c: { b: 1 } }],
  ['{1: a, yes: b, "": c}\n', { 1: 'a', true: 'b', '': 'c' }],
])('parseSourceText() takes %j', (text, data) => {
  expect(parseSourceText(text, 'v.yaml').data).toEqual(data);
});
