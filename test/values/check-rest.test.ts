import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { withValue } from '../../src/values/slot.js';
import { refusalsOf } from '../release-of.js';

const pathsOf = (text: string) => refusalsOf(text).map((each) => each.split(' ')[0]);

test('checkRest() tells what contradicts itself beside what has a wrong shape, by position', () => {
  const text = `environment: istio
application:
  prefix: /shop
  versions:
  - {image: registry.example/shop:v1}
  - {weight: 3}
  - {image: registry.example/shop:v1, metadata: {name: Bad_}}
`;
  expect(refusalsOf(text)).toEqual([
    'application.prefix has no effect with environment istio',
    'application.versions[1].image is missing',
    'application.versions[2].metadata.name "Bad_" is no DNS label',
  ]);
});

test.each([
  ['a mistyped key of the version', 'versions: [{imag: a}]', ['application.versions[0].imag']],
  ['what is given in its place', 'versions: [{external: {servic: a}}]', ['external', 'external.servic']],
  [
    'a wrong specification',
    'versions: [{deploymentSpecification: 5}]',
    ['application.versions[0].deploymentSpecification'],
  ],
  ['an unknown strategy', 'strategy: blue\n  match: [{}]\n  versions: [{}]', ['application.strategy']],
  ['what is no list', 'versions: 5', ['application.versions']],
  ['what is no version', 'versions: [5, {}]', ['application.versions[0]']],
])('checkRest() says nothing that may follow from %s', (_what, lines, expected) => {
  const found = pathsOf(`environment: istio\napplication:\n  ${lines}\n`);
  expect(found).toHaveLength(expected.length);
  for (const [i, path] of expected.entries()) expect(found[i]).toContain(path);
});

test('checkRest() asks no version for what a mistyped key of the application may give', () => {
  const text = `environment: kserve
application:
  modelFormatt: sklearn
  versions: [{storageUri: s3://a}, {}]
`;
  expect(pathsOf(text)).toEqual(['application.modelFormatt', 'application.versions[1].storageUri']);
});

test('checkRest() tells of the other matches beside one of a wrong shape', () => {
  const text = `environment: istio
application:
  strategy: canary
  versions:
  - image: a
  - image: b
    match: [{headers: {x: 5}}]
  - image: c
    match: [{}]
`;
  expect(pathsOf(text)).toEqual(['application.versions[1].match[0].headers.x', 'application.versions[2].match[0]']);
});

test('checkMeaning() tells of matches that cannot be beside keys without effect', () => {
  const text = `environment: gateway-api
application:
  prefix: /shop
  strategy: canary
  versions:
  - image: a
  - image: b
    match: [{sourceLabels: {a: b}}, {uri: {prefix: /a}}, {method: {exact: FETCH}}]
`;
  expect(pathsOf(text)).toEqual([
    'application.prefix',
    ...['match[0]', 'match[1].uri.prefix', 'match[2]'].map((each) => `application.versions[1].${each}`),
  ]);
});

/** Every place in plain data, the root aside. */
function placesIn(data: unknown, place: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const at = [...place, Array.isArray(data) ? Number(key) : key];
    return [at, ...placesIn(value, at)];
  });
}

test('checkRest() finds nothing more in a starter of which one value has a wrong shape', () => {
  for (const file of readdirSync('templates/values')) {
    const data: unknown = parse(readFileSync(`templates/values/${file}`, 'utf8'), { version: '1.1' });
    for (const place of placesIn(data)) {
      // The number is no key, so that it is wrong wherever any map is taken.
      const text = JSON.stringify(withValue(data, place, [{ 5: null }]));
      const path = place.map((each) => (typeof each === 'number' ? `[${each}]` : `.${each}`)).join('');
      const others = pathsOf(text).filter((each) => !`.${each}`.startsWith(path) && !path.startsWith(`.${each}`));
      expect({ file, path, others }).toEqual({ file, path, others: [] });
    }
  }
});
