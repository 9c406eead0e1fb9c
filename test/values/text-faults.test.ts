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
    ['environment: istio\n# reviewed\u2028gateway: evil/gw\n', '2:11', 'U+2028', '\\u2028'],
    ['a: "x\u2029   y"\n', '1:6', 'U+2029', '\\u2029'],
    ['# a\rb: 1\nc: 1\n', '1:4', 'U+000D', '\\r'],
  ])('a line that ends for Helm alone: %j', (text, place, code, escaped) => {
    expect(refused(text)).toBe(
      `${place} holds the character ${code}, which ends a line for Helm and is text for other YAML parsers | ` +
        `Remove it, or write ${escaped} in double quotes where a text should hold it.`,
    );
  });

  test.each([
    ['a: !!binary aGk=\n', '1:4 is binary, which no value is | Write it as text, without the tag.'],
    ['%TAG ! tag:yaml.org,2002:\n---\na: !binary aGk=\n', '3:4 is binary, which no value is'],
    ['%YAML 1.2\n---\na: !!binary aGk=\n', '3:4 is binary, which no value is'],
    [
      'a: [!!set {x}]\n',
      '1:5 has the tag !!set, with which it cannot be read | Remove the tag: a value shows what it is without one, and quotes make a text of it.',
    ],
    ['a: !!omap [b: 1]\n', '1:4 has the tag !!omap'],
    ['a: !!pairs [b: 1]\n', '1:4 has the tag !!pairs'],
    ['a: !!timestamp 2020-01-01\n', '1:4 has the tag !!timestamp'],
    ['a: !!merge <<\n', '1:12 has the tag !!merge'],
    ['a: {!!str <<: {b: 1}}\n', '1:11 has the tag !!str'],
    ['a: !x y\n', '1:4 has the tag !x,'],
    ['a: !!int x\n', '1:4 has the tag !!int'],
    ['a: !!int 1:30\n', '1:4 has the tag !!int'],
    ['a: !!int 09\n', '1:10 has the tag !!int'],
    ['a: !!int 99999999999999999999\n', '1:10 has the tag !!int'],
    ['a: !!float 1:30\n', '1:12 has the tag !!float'],
    ['a: !!float e5\n', '1:12 has the tag !!float'],
    ['a: !!map [1]\n', '1:4 has the tag !!map'],
  ])('the tag in %j', (text, words) => {
    expect(refused(text).slice(0, words.length)).toBe(words);
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
  ['a: "x\\u2028\\L\\P\\r"\n', { a: 'x\u2028\u2028\u2029\r' }],
  ['a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
  ['a: [!!str 5, ! 5, !!int "5", !!float 5, !!bool "yes", !!null ""]\n', { a: ['5', '5', 5, 5, true, null] }],
  ['!!map\na: !!seq [1]\n', { a: [1] }],
  ['a: &x b\n*x : 1\n', { a: 'b', b: 1 }],
  ['a: &x {b: 1}\nc: {<<: *x}\n', { a: { b: 1 }, c: { b: 1 } }],
  ['{1: a, yes: b, "": c}\n', { 1: 'a', true: 'b', '': 'c' }],
])('parseSourceText() takes %j', (text, data) => {
  expect(parseSourceText(text, 'v.yaml').data).toEqual(data);
});
