import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigError } from '../../src/errors.js';
import type { Json, JsonObject } from '../../src/release/json.js';
import { addVersion } from '../../src/values/add-version.js';

const file = 'releases/shop/values.yaml';
const entry = { metadata: { name: 'shop-v2' }, image: 'registry.example/shop:v2', weight: 0 };

function added(text: string, version: JsonObject = entry): string {
  return addVersion(text, version, { file });
}

/** Each text is what stands before the new entry, the entry, and what stands behind it. */
const layouts: readonly (readonly [string, string, string, string])[] = [
  [
    'in block form at the end of the text',
    'application:\n  versions:\n  - image: a # c\n',
    '  - metadata:\n      name: shop-v2\n    image: registry.example/shop:v2\n    weight: 0\n',
    '',
  ],
  [
    'with the flow maps of its siblings',
    'application:\n  versions:\n  - metadata: {name: a}\n    image: a\n',
    '  - metadata: {name: shop-v2}\n    image: registry.example/shop:v2\n    weight: 0\n',
    'analysis: {}\n',
  ],
  [
    'with the indentation of its siblings',
    'application:\n    versions:\n      -   metadata: {name: a}\n          image: a\n',
    '      -   metadata: {name: shop-v2}\n          image: registry.example/shop:v2\n          weight: 0\n',
    '    port: 80\n',
  ],
  [
    'with CRLF line ends',
    'application:\r\n  versions:\r\n  - metadata: {name: a}\r\n',
    '  - metadata: {name: shop-v2}\r\n    image: registry.example/shop:v2\r\n    weight: 0\r\n',
    '',
  ],
  [
    'as a flow map below flow maps',
    'application:\n  versions:\n  - {image: a}\n',
    '  - {metadata: {name: shop-v2}, image: "registry.example/shop:v2", weight: 0}\n',
    '  port: 80\n',
  ],
  [
    'below the comments of the last entry',
    'application:\n  versions:\n    - metadata: {name: a}\n      # of a\n    # of the list\n',
    '    - metadata: {name: shop-v2}\n      image: registry.example/shop:v2\n      weight: 0\n',
    '  # of the port\n  port: 80\n',
  ],
  [
    'above the comments of what follows in the same column',
    'application:\n  versions:\n  - metadata: {name: a}\n    # of a\n',
    '  - metadata: {name: shop-v2}\n    image: registry.example/shop:v2\n    weight: 0\n',
    '  # of the port\n  port: 80\n',
  ],
  [
    'between comments that an empty line parts',
    'application:\n  versions:\n  - metadata: {name: a}\n  # of the list\n',
    '  - metadata: {name: shop-v2}\n    image: registry.example/shop:v2\n    weight: 0\n',
    '\n  # of the port\n  port: 80\n',
  ],
  [
    'above empty lines',
    'application:\n  versions:\n  - metadata: {name: a}\n',
    '  - metadata: {name: shop-v2}\n    image: registry.example/shop:v2\n    weight: 0\n',
    '\n\n# of the analysis\nanalysis: {}\n',
  ],
  [
    'below the comments of a list that ends the text',
    'application:\n  versions:\n  - metadata: {name: a}\n  # - metadata: {name: b}\n',
    '  - metadata: {name: shop-v2}\n    image: registry.example/shop:v2\n    weight: 0\n',
    '',
  ],
];

describe('addVersion()', () => {
  it.each(layouts)('addVersion() adds an entry %s', (_, before, expected, after) => {
    expect(added(before + after)).toBe(before + expected + after);
  });

  it.each([
    ['versions: [{image: a}] # c\n', 'versions: [{image: a}, {image: b, weight: 0}] # c\n'],
    ['versions: [\n  {image: a} # c\n]\n', 'versions: [\n  {image: a}, {image: b, weight: 0} # c\n]\n'],
    ['versions: []\n', 'versions: [{image: b, weight: 0}]\n'],
    ['versions: [{image: a},]\n', 'versions: [{image: a}, {image: b, weight: 0},]\n'],
  ])('addVersion() adds to a flow list: %j', (before, after) => {
    const indented = (text: string) => `application:\n  ${text.replaceAll('\n', '\n  ').trimEnd()}\n`;
    expect(added(indented(before), { image: 'b', weight: 0 })).toBe(indented(after));
  });

  it.each([
    ['  - image: a\n', '  - baselineOf: a # ours\n    weight: 0\n'],
    ['  - {image: a}\n', '  - {baselineOf: a, weight: 0} # ours\n'],
    ['    [{image: a}]\n', undefined],
  ])('addVersion() comments its first line where there is a place for that: %j', (before, expected) => {
    const text = `application:\n  versions:\n${before}`;
    const after = addVersion(text, { baselineOf: 'a', weight: 0 }, { file, comment: 'ours' });
    expect(after).toBe(expected === undefined ? text.replace('}]', '}, {baselineOf: a, weight: 0}]') : text + expected);
  });

  it('addVersion() adds to a text without a final newline and leaves it without one', () => {
    expect(added('application:\n  versions:\n  - image: a', { image: 'b' })).toBe(
      'application:\n  versions:\n  - image: a\n  - image: b',
    );
  });

  it('addVersion() indents lists as the list of versions', () => {
    const version = { image: 'b', ports: [{ port: 1, name: 'x' }, [2], 'z'], none: [] };
    expect(added('application:\n  versions:\n  - image: a\n', version)).toContain(
      '  - image: b\n    ports:\n    - port: 1\n      name: x\n    - [2]\n    - z\n    none: []\n',
    );
    expect(added('application:\n  versions:\n    - image: a\n', version)).toContain(
      '    - image: b\n      ports:\n        - port: 1\n          name: x\n        - [2]\n        - z\n      none: []\n',
    );
  });

  it.each([
    '1e3',
    'e2',
    'E-2',
    '0x1f',
    '012',
    '1:30',
    '2024-01-01',
    'yes',
    'N',
    'Off',
    'NULL',
    '~',
    '',
    '-',
    'a ',
    'a: b',
    'a #b',
    '<<',
    '*a',
    '\u2028',
    '.inf',
  ])('addVersion() quotes %j', (image) => {
    const text = added('application:\n  versions:\n  - image: a\n', { image });
    expect(text.split('\n')[3]).toMatch(/^ {2}- image: "[ -~]*"$/);
    expect(parse(text, { version: '1.1' })).toEqual({ application: { versions: [{ image: 'a' }, { image }] } });
  });

  it.each(['shop', 'registry.example/shop:v2', 'localhost:5000/shop@sha256:0a1', '/healthz', 'v1.2-rc.1'])(
    'addVersion() writes %s plain',
    (image) => {
      expect(added('application:\n  versions:\n  - image: a\n', { image }).split('\n')[3]).toBe(`  - image: ${image}`);
    },
  );
});

describe('addVersion() refusals', () => {
  it.each([
    ['no versions', 'application:\n  port: 80\n', [2, 3, 'application.versions', 'is missing']],
    ['empty versions', 'application:\n  versions:\n', [2, 12, 'application.versions', 'is empty, not a list']],
    [
      'a map of versions',
      'application:\n  versions: {a: 1}\n',
      [2, 13, 'application.versions', 'is a map, not a list'],
    ],
    ['an alias', 'a: &a [{}]\napplication:\n  versions: *a\n', [3, 13, 'application.versions', 'is an alias (*a)']],
    [
      'an anchor in use',
      'application:\n  versions: &a [{}]\nb: *a\n',
      [2, 16, 'application.versions', 'has an anchor (&a)'],
    ],
    [
      'a tag',
      'application:\n  versions: !!seq [{}]\n',
      [2, 19, 'application.versions', 'has a tag (tag:yaml.org,2002:seq)'],
    ],
    [
      'a merge key',
      'a: &a {versions: [{}]}\napplication:\n  <<: *a\n',
      [3, 3, 'application.versions', 'comes from a merge key (<<)'],
    ],
  ])('addVersion() refuses %s with its place', (_, text, [line, column, path, message]) => {
    const problem = { file, line, column, path, message, hint: expect.stringMatching(/\.$/) };
    expect(() => added(text)).toThrow(ConfigError);
    expect(() => added(text)).toThrow(expect.objectContaining({ problems: [problem] }));
  });
});

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.stringMatching(/^[0-9a-zA-Z.:@/_-]{0,8}$/),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.stringMatching(/^[a-z0-9./-]{1,8}$/), fc.string({ maxLength: 5 })), tie('json'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}));
const versions = fc.dictionary(fc.constantFrom('metadata', 'image', 'weight', 'deployment', 'match'), json, {
  noNullPrototype: true,
});

describe('addVersion() laws', () => {
  it('addVersion() adds exactly the entry, and every line that was there stays', () => {
    const text = fc
      .record({
        eol: fc.constantFrom('\n', '\r\n'),
        pad: fc.constantFrom('  ', '      '),
        item: fc.constantFrom(
          '- image: a',
          '- {image: a}',
          '- metadata: {name: a}',
          '-   match: [a]',
          '-',
          '- *a',
          '- [b]',
        ),
        tail: fc.constantFrom('', '  # c', '  port: 80', '', '# c', 'rest: 1'),
        final: fc.boolean(),
      })
      .map(({ eol, pad, item, tail, final }) =>
        ['a: &a {}', 'application:', '  versions:', `${pad}${item}`, tail].join(eol).concat(final ? eol : ''),
      );
    fc.assert(
      fc.property(text, versions, (before, version) => {
        const after = added(before, version);
        const expected = parse(before, { version: '1.1' });
        expected.application.versions.push(version);
        expect(parse(after, { version: '1.1' })).toEqual(expected);
        const lines = after.split('\n');
        const kept = before.split('\n').filter((line) => line.trim() !== '');
        for (const line of kept) expect(lines.map((one) => one.trimEnd())).toContain(line.trimEnd());
        expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(before));
      }),
      { numRuns: 500 },
    );
  });
});
