import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../src/release/json.js';
import { toYaml, toYamlStream } from '../../src/synth/yaml-writer.js';
import { anyJson, anyNumber, anyText, hardStrings } from '../synth/hard-strings.js';
import { requireTools } from './tools.js';
import { pythonLoaders, readWithHelm, readWithPython } from './yaml-readers.js';

/** Another seed tries other strings; the titles name it, so that a failure can be had again. */
const seed = Number(process.env.SLUICE_TEST_SEED ?? 20260601);

const texts = [...new Set([...hardStrings, ...fc.sample(anyText, { numRuns: 8000, seed })])];

/** Each part in the place where a parser may treat it apart: a key, a value, an item, a key within an item. */
const proof: { readonly [part: string]: Json } = {
  keysAndValues: Object.fromEntries(texts.map((text) => [text, text])),
  items: texts,
  keysOfItems: texts.map((text) => ({ [text]: [{ [text]: { [text]: null } }] })),
  numbers: fc.sample(anyNumber, { numRuns: 3000, seed }),
  values: fc.sample(anyJson, { numRuns: 500, seed }) as Json[],
};

beforeAll(() => requireTools(['helm', 'python']));

describe(`toYaml() with seed ${seed}`, () => {
  test.each(Object.keys(proof))("is read back unchanged by Kubernetes' parser: %s", async (part) => {
    const document = { [part]: proof[part] as Json };
    expectSame(await readWithHelm(toYaml(document)), document);
  });

  test.each(pythonLoaders)('is read back unchanged by PyYAML, as a stream: %s', async (loader) => {
    const documents = Object.values(proof);
    expectSame(await readWithPython(toYamlStream(documents), loader), documents);
  });
});

describe('the proof', () => {
  const unquoted = 'value: 0o7\nyes: 12:30:45\n"list": [2020-01-01, 1e3]\n';

  test("sees what Kubernetes' parser makes of texts without quotes", async () => {
    expect(await readWithHelm(unquoted)).toEqual({ value: 7, true: '12:30:45', list: ['2020-01-01', 1000] });
    expect(await readWithHelm('a: \u0085"')).toHaveProperty('Error');
  });

  test.each(pythonLoaders)('sees what PyYAML makes of texts without quotes: %s', async (loader) => {
    const expected = { value: '0o7', 'bool key': 45045, list: ['datetime.date(2020, 1, 1)', '1e3'] };
    expect(await readWithPython(unquoted, loader)).toEqual([expected]);
  });
});

/** Names the first leaves that differ: a comparison of the whole would print megabytes. */
function expectSame(read: unknown, written: Json): void {
  expect([...differences(read, written, '')].slice(0, 5)).toEqual([]);
}

function* differences(read: unknown, written: unknown, path: string): Generator<string> {
  if (!isNode(read) || !isNode(written) || Array.isArray(read) !== Array.isArray(written)) {
    if (!Object.is(read, written)) yield `${path}: read ${JSON.stringify(read)}, written ${JSON.stringify(written)}`;
    return;
  }
  for (const key of new Set([...Object.keys(read), ...Object.keys(written)])) {
    const [left, right] = [read, written].map((node) => (Object.hasOwn(node, key) ? node[key] : undefined));
    yield* differences(left, right, `${path}[${JSON.stringify(key)}]`);
  }
}

function isNode(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
