import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ConfigError } from '../../src/errors.js';
import type { Json } from '../../src/release/json.js';
import { toYaml, toYamlStream } from '../../src/synth/yaml-writer.js';
import { anyJson, anyText, hardStrings } from './hard-strings.js';

const versions = ['1.1', '1.2'] as const;

describe('toYaml()', () => {
  test('prints as kubectl does: block style, lists in the column of their key', () => {
    const manifest = {
      apiVersion: 'apps/v1',
      metadata: { name: 'reviews', labels: { 'app.kubernetes.io/name': 'reviews' }, annotations: {} },
      spec: { replicas: 3, paused: false, containers: [{ name: 'app', image: 'r.example:5000/a:v1', args: [] }] },
    };
    expect(toYaml(manifest)).toBe(
      [
        'apiVersion: apps/v1',
        'metadata:',
        '  name: reviews',
        '  labels:',
        '    app.kubernetes.io/name: reviews',
        '  annotations: {}',
        'spec:',
        '  replicas: 3',
        '  paused: false',
        '  containers:',
        '  - name: app',
        '    image: r.example:5000/a:v1',
        '    args: []',
        '',
      ].join('\n'),
    );
  });

  test('starts a list in a list on the line of its dash', () => {
    expect(toYaml([[1, [2]], [], [{ a: [{}] }]])).toBe('- - 1\n  - - 2\n- []\n- - a:\n    - {}\n');
  });

  test.each([
    ['reviews', 'reviews\n'],
    ['', '""\n'],
    [null, 'null\n'],
    [{}, '{}\n'],
    [[], '[]\n'],
  ] as const)('prints %j as a whole document', (value, expected) => {
    expect(toYaml(value)).toBe(expected);
  });

  test('keeps the order of keys and leaves out what is undefined', () => {
    const withHoles: Record<string, unknown> = { b: 1, gone: undefined, a: { gone: undefined } };
    expect(toYaml(withHoles as Json)).toBe('b: 1\na: {}\n');
  });

  test.each([
    'reviews-v1',
    'HTTPRoute',
    '/healthz',
    'a.b/c',
    'registry.example:5000/a:v1',
    'a=b',
    'nobody',
    'yesterday',
  ])('leaves %j plain', (text) => {
    expect(toYaml(text)).toBe(`${text}\n`);
  });

  test.each([
    'y',
    'No',
    'oN',
    'TRUE',
    'null',
    'NaN',
    '0o7',
    '0X1F',
    '1_000',
    '12:30:45',
    '.5',
    '1e3',
    '2020-01-01',
    'a:',
  ])('quotes %j as key and as value', (text) => {
    expect(toYaml({ [text]: text })).toBe(`"${text}": "${text}"\n`);
  });

  test.each([
    ['\u0085', '"\\u0085"\n'],
    ['\u007f', '"\\u007f"\n'],
    ['\u2028\u2029', '"\\u2028\\u2029"\n'],
    ['\ufeff\ufffe\uffff', '"\\ufeff\\ufffe\\uffff"\n'],
    ['a\nb\0', '"a\\nb\\u0000"\n'],
    ['é 😀', '"é 😀"\n'],
  ])('escapes in %j only what parsers cannot take', (text, expected) => {
    expect(toYaml(text)).toBe(expected);
  });

  test.each([
    [0, '0'],
    [-0, '0'],
    [-7, '-7'],
    [0.1, '0.1'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2 ** 53, '9.007199254740992e+15'],
    [1e21, '1.0e+21'],
    [-1e-7, '-1.0e-7'],
    [1.5e-7, '1.5e-7'],
    [Number.MIN_VALUE, '5.0e-324'],
  ])('prints the number %d as %s', (value, expected) => {
    expect(toYaml(value)).toBe(`${expected}\n`);
  });

  test('asks for a key beyond 1024 printed characters with a question mark', () => {
    const [simple, long] = ['k'.repeat(1024), 'k'.repeat(1025)];
    expect(toYaml({ [simple]: 1 })).toBe(`${simple}: 1\n`);
    expect(toYaml({ a: { [long]: { b: 1 } } })).toBe(`a:\n  ? ${long}\n  :\n    b: 1\n`);
    expect(toYaml([{ [long]: [1] }])).toBe(`- ? ${long}\n  :\n  - 1\n`);
  });

  test.each(versions)('is read back unchanged by a parser of YAML %s', (version) => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(JSON.stringify(parse(toYaml(value as Json), { version }))).toBe(JSON.stringify(value));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(versions)('is read back unchanged by a parser of YAML %s for every hard string', (version) => {
    for (const text of hardStrings) {
      const read = parse(toYaml({ [text]: [text] }), { version });
      expect(Object.entries(read)).toEqual([[text, [text]]]);
    }
  });

  test('writes each text on one line without anything that is not printable', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toYaml(text)).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\ufeff\ufffe\uffff]+\n$/u);
      }),
    );
  });

  test('gives the same bytes for an equal value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(toYaml(structuredClone(value) as Json)).toBe(toYaml(value as Json));
      }),
    );
  });

  test.each<[string, unknown, string]>([
    ['NaN', { spec: { ports: [{ port: Number.NaN }] } }, 'spec.ports[0].port as a finite number: NaN'],
    ['an infinity', { a: -Infinity }, 'a as a finite number: -Infinity'],
    ['a lone surrogate', { 'a/b': 'x\ud800' }, '["a/b"] as UTF-8: "x\\ud800"'],
    ['a lone surrogate in a key', [{ '\udc00': 1 }], '[0]["\\udc00"] as UTF-8: "\\udc00"'],
    ['undefined in a list', { a: [undefined] }, 'a[0] as plain data: undefined'],
    ['a Date', new Date(0), 'the document as plain data: Date'],
    ['a bigint', { a: 1n }, 'a as plain data: bigint'],
  ])('refuses %s and says where it stands', (_, value, message) => {
    const write = () => toYaml(value as Json);
    expect(write).toThrow(ConfigError);
    expect(write).toThrow(`Cannot write ${message}`);
  });
});

describe('toYamlStream()', () => {
  test('starts every document with its mark', () => {
    expect(toYamlStream([{ a: 1 }, [2], 'b'])).toBe('---\na: 1\n---\n- 2\n---\nb\n');
  });

  test('gives an empty text for no document', () => {
    expect(toYamlStream([])).toBe('');
  });

  test('gives streams that may be joined and are read back document by document', () => {
    fc.assert(
      fc.property(fc.array(anyJson), fc.array(anyJson), (first, second) => {
        const documents = [...first, ...second] as Json[];
        const joined = toYamlStream(first as Json[]) + toYamlStream(second as Json[]);
        expect(joined).toBe(toYamlStream(documents));
        const read = parseAllDocuments(joined).map((document) => document.toJS());
        expect(JSON.stringify(read)).toBe(JSON.stringify(documents));
      }),
    );
  });

  test('names the document that cannot be written', () => {
    expect(() => toYamlStream([{}, { a: Number.NaN }])).toThrow('Cannot write [1].a as a finite number: NaN');
  });
});
