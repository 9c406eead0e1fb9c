import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/release/json.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { acceptedText, cells } from './accepted.js';
import { releasesOf, type WrittenValues } from './releases.js';

type Breakage = (values: JsonObject, pick: () => number) => Json;

/** Ways to break values, most of which no release survives. */
const breakages: Record<string, Breakage> = {
  'a typo in a key': (values, pick) => renamed(values, pick),
  'a value of another type': (values, pick) =>
    replaced(values, pick, [null, 7, -1, 1.5, 'text', true, [], {}, [[]], ['a']]),
  'a text that is none': (values, pick) =>
    replaced(values, pick, ['', ' ', '-', 'UPPER', 'a'.repeat(64), 'ä', '1e3', '0x1f']),
  'an unknown primary': (values) => inApplication(values, { primary: 'nobody' }),
  'two versions of one name': (values) => inVersions(values, { metadata: { name: 'twin' } }),
  'nobody who answers': (values) => inVersions(values, { weight: 0, routed: false }),
  'two forms of matches': (values) =>
    inVersions(values, { match: [{ uri: { exact: '/' } }], matches: [{ method: 'GET' }] }),
  'a match of nothing': (values) => inVersions(values, { match: [{}] }),
  'no versions': (values) => inApplication(values, { versions: [] }),
  'another strategy': (values, pick) =>
    inApplication(values, { strategy: ['canary', 'blue-green', 'mirrored', 'Canary'][pick() % 4] ?? 'x' }),
  'an option of another environment': (values) =>
    inApplication(values, {
      prefix: '/x',
      replicas: 3,
      deploymentMode: 'RawDeployment',
      sessionAffinity: { type: 'Cookie' },
    }),
  'a Deployment beside what is external': (values) =>
    inVersions(values, { external: { service: 'a', deployment: 'b' } }),
};

describe.each(cells)('$title', (cell) => {
  test('loadValues() refuses what is broken with a position for every problem', () => {
    let refused = 0;
    let tried = 0;
    const broken = fc.record({
      values: releasesOf(cell),
      what: fc.constantFrom(...Object.keys(breakages)),
      numbers: fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
    });
    fc.assert(
      fc.property(broken, ({ values, what, numbers }) => {
        const text = toYaml(breakages[what]?.(values as unknown as JsonObject, from(numbers)) ?? null);
        tried += 1;
        if (acceptedText(text) === undefined) refused += 1;
      }),
      { numRuns: 100 },
    );
    // Seven in ten are, in the cell that takes most.
    expect(refused / tried).toBeGreaterThan(0.3);
  });

  test('loadValues() refuses a text that breaks off or is no YAML, with a position', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        releasesOf(cell),
        fc.nat(1000),
        fc.constantFrom('', '{', '\t', ': [', '"', '&a *a', '- x'),
        (values, at, end) => {
          const text = toYaml(values as unknown as Json);
          if (acceptedText(text.slice(0, Math.floor((text.length * at) / 1000)) + end) === undefined) refused += 1;
        },
      ),
      { numRuns: 60 },
    );
    expect(refused).toBeGreaterThan(30);
  });
});

function from(numbers: readonly number[]): () => number {
  let next = 0;
  return () => numbers[next++ % numbers.length] ?? 0;
}

function inApplication(values: JsonObject, changes: JsonObject): Json {
  return { ...values, application: { ...(values.application as JsonObject), ...changes } };
}

function inVersions(values: JsonObject, changes: JsonObject): Json {
  const { versions } = (values as unknown as WrittenValues).application;
  return inApplication(values, { versions: versions.map((each) => ({ ...each, ...changes }) as JsonObject) });
}

/** Walks down to a random part; a map or a list may be the end of the way. */
function changedAt(value: Json, pick: () => number, change: (end: Json) => Json): Json {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const key = keys[pick() % Math.max(keys.length, 1)];
  if (key === undefined || pick() % 6 === 0) return change(value);
  if (Array.isArray(value))
    return value.map((each: Json, i) => (String(i) === key ? changedAt(each, pick, change) : each));
  const map = value as JsonObject;
  return { ...map, [key]: changedAt(map[key] ?? null, pick, change) };
}

function replaced(values: JsonObject, pick: () => number, others: readonly Json[]): Json {
  return changedAt(values, pick, () => others[pick() % others.length] ?? null);
}

function renamed(values: JsonObject, pick: () => number): Json {
  return changedAt(values, pick, (end) => {
    if (typeof end !== 'object' || end === null || Array.isArray(end)) return ['typo'];
    const keys = Object.keys(end);
    const typo = keys[pick() % Math.max(keys.length, 1)];
    return Object.fromEntries(Object.entries(end).map(([key, child]) => [key === typo ? `${key}x` : key, child]));
  });
}
