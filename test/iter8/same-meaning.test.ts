import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { ownCases } from './cases.js';
import { pythonDifferences, pythonIsMissing } from './python-compare.js';
import { differences } from './same-meaning.js';

function expectedOf(name: string): readonly JsonObject[] {
  const found = ownCases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found.expected;
}

/** Returns the objects with one text of their JSON replaced, which must be there. */
function mutated(objects: readonly JsonObject[], [from, to]: readonly [string, string]): JsonObject[] {
  const text = JSON.stringify(objects);
  if (!text.includes(from)) throw new Error(`no ${from} in ${text}`);
  return JSON.parse(text.replace(from, to)) as JsonObject[];
}

/** What is changed, the case, a text of its objects as JSON, and what stands there instead. */
const faults: readonly (readonly [string, string, string, string])[] = [
  ['a share of 0', 'istio-split-of-three', '"weight":2', '"weight":0'],
  ['a weight', 'istio-split-of-three', '"weight":2', '"weight":3'],
  ['a host of a backend', 'istio-split-of-three', 'atlas-two.floor.svc', 'atlas-two.attic.svc'],
  ['a port of a backend', 'istio-split-of-three', '"number":3300', '"number":3000'],
  ['a gateway', 'istio-split-of-three', 'edge/front', 'front'],
  ['a missing gateway', 'istio-split-of-three', '"gateways":["edge/front","mesh"],', ''],
  ['a host of the route', 'istio-split-of-three', '"atlas.floor.svc",', ''],
  ['the header of the answer', 'istio-split-of-three', '"app-version":"third"', '"app-version":"fourth"'],
  ['a match', 'istio-canary-of-two', '"exact":"beta"', '"prefix":"beta"'],
  ['a mirror percent', 'istio-mirror-elsewhere', '"value":40', '"value":50'],
  ['a mirrored Service', 'istio-mirror-elsewhere', '"host":"shadow-front.attic', '"host":"shadow-front.floor'],
  ['a rewrite', 'kserve-split-of-one', '/v2/models/cats/infer', '/v2/models/dogs/infer'],
  ['a request header', 'kserve-split-of-one', '"Host":"cats-predictor', '"Host":"cats-predictor-default'],
  ['a header that is matched and no longer removed', 'kserve-split-of-one', ',"remove":["branch"]', ''],
  ['a model', 'modelmesh-split-own-service', '"mm-vmodel-id":"rates-c"', '"mm-vmodel-id":"rates-b"'],
  [
    'a parent',
    'gtw-split-of-three',
    '"kind":"Service","name":"atlas","port":80',
    '"kind":"Service","name":"atlas","port":81',
  ],
  ['a backend of an HTTPRoute', 'gtw-split-of-three', '"name":"second","port":8900', '"name":"second","port":8800'],
  [
    'the namespace of a backend',
    'gtw-split-of-three',
    '"name":"far","namespace":"attic","port"',
    '"name":"far","port"',
  ],
  ['a match of an HTTPRoute', 'gtw-canary-of-two', '"value":"trial"', '"value":"other"'],
  ['a missing object', 'deployment-specifications', '"name":"tiles-workers"', '"name":"tiles"'],
  ['a namespace', 'deployment-names-and-labels', '"namespace":"books"', '"namespace":"default"'],
  [
    'a selector with one label more',
    'deployment-specifications',
    '"selector":{"app":"atlas-1"}',
    '"selector":{"app":"atlas-1","x":"y"}',
  ],
  [
    'a selector of a Deployment',
    'deployment-specifications',
    '"matchLabels":{"app":"atlas-1"}',
    '"matchLabels":{"app":"atlas-1","x":"y"}',
  ],
  ['a port of a container', 'deployment-names-and-labels', '"containerPort":7171', '"containerPort":7070'],
  ['a missing list', 'deployment-names-and-labels', '"ports":[{"port":7171}]', '"ports":[]'],
  ['a label', 'deployment-names-and-labels', '"tier":"canary"', '"tier":"backend"'],
  ['an image', 'deployment-names-and-labels', 'ledger:5', 'ledger:6'],
];

/** The same meaning in other words. */
const sames: readonly (readonly [string, string, string, string])[] = [
  ['a weight of the only backend', 'istio-split-of-one', '"headers"', '"weight":7,"headers"'],
  ['an API version', 'deployment-specifications', '"apiVersion":"apps/v1"', '"apiVersion":"apps/v2"'],
  ['a header that is set instead of added', 'istio-split-of-one', '{"add":{"app', '{"set":{"app'],
  ['removing a header that nothing matches', 'modelmesh-split-own-service', ',"remove":["branch"]', ''],
  ['a further field', 'deployment-specifications', '"replicas":4', '"replicas":4,"paused":false'],
  ["a label of Iter8's", 'deployment-names-and-labels', '"iter8.tools/watch":"true",', ''],
  ['one more host of an HTTPRoute', 'gtw-split-of-three', '"hostnames":[', '"hostnames":["atlas.floor.svc",'],
  [
    'the path of every request',
    'gtw-canary-of-two',
    '"headers":[{"name":"traffic"',
    '"path":{"type":"PathPrefix","value":"/"},"headers":[{"name":"traffic"',
  ],
];

describe('differences()', () => {
  test.each(faults)('finds %s', (_what, name, from, to) => {
    const expected = expectedOf(name);

    expect(differences(expected, mutated(expected, [from, to]))).not.toEqual([]);
  });

  test.each(sames)('passes over %s', (_what, name, from, to) => {
    const expected = expectedOf(name);

    expect(differences(expected, mutated(expected, [from, to]))).toEqual([]);
  });

  test('counts percents by largest remainder, ties to the earlier', () => {
    const expected = expectedOf('kserve-0.10-split-of-three');
    const thirds = mutated(mutated(mutated(expected, ['"weight":34', '"weight":1']), ['"weight":33', '"weight":1']), [
      '"weight":33',
      '"weight":1',
    ]);

    expect(differences(expected, thirds)).toEqual([]);
  });

  test('names the object, the rule and the part', () => {
    const expected = expectedOf('istio-mirror-elsewhere');
    const [first] = differences(expected, mutated(expected, ['"value":40', '"value":50']));

    expect(first).toContain('VirtualService floor/atlas rule 0 mirrors: ["shadow-front.attic 50 %"]');
  });

  test('finds a rule that is missing and one that is too many', () => {
    const expected = expectedOf('kserve-split-of-one');
    const rules = (http: (rules: readonly unknown[]) => readonly unknown[]) =>
      expected.map((each) => {
        const spec = each.spec as { readonly http?: readonly unknown[] };
        return (spec.http ? { ...each, spec: { ...spec, http: http(spec.http) } } : each) as JsonObject;
      });

    expect(
      differences(
        expected,
        rules((all) => all.slice(1)),
      ),
    ).not.toEqual([]);
    expect(
      differences(
        expected,
        rules((all) => [...all, ...all]),
      ).join(),
    ).toContain('too many');
  });
});

const asked = pythonIsMissing === undefined ? [...faults, ...sames] : [];

test.each(asked)('differences() agrees with compare.py on %s', (_what, name, from, to) => {
  const expected = expectedOf(name);
  const actual = mutated(expected, [from, to]);

  expect(differences(expected, actual).length > 0).toBe(pythonDifferences(expected, actual).length > 0);
});
