import { describe, expect, test } from 'vitest';
import { identityOf } from '../../src/evaluate/identity.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { applyEdits } from '../../src/values/edit.js';
import { loadedOf, refusalsOf } from '../release-of.js';

/** A file as Helm takes it: the numbers of Iter8 in quotes. */
const split = `environment: deployment-istio
application:
  port: "8080"
  strategy: blue-green
  versions:
  - {image: registry.example/shop:v1, weight: "70"}
  - {image: registry.example/shop:v2, weight: '30', port: "9090"}
  - image: registry.example/shop:v3
    weight: "0"
    serviceSpecification: {ports: [{port: "81"}]}
`;

const models = `environment: kserve-modelmesh-istio
service: {port: "9000"}
application:
  modelFormat: sklearn
  strategy: mirror
  versions:
  - {storageUri: s3://models/v1}
  - {storageUri: s3://models/v2, weight: "25"}
`;

const plain = (text: string) => text.replace(/(port|weight): ["'](\d+)["']/g, '$1: $2');

describe('a whole number in quotes', () => {
  test.each([split, models])('means what it means without them, where Iter8 has the key', (text) => {
    expect(plain(text)).not.toMatch(/["']\d/);
    expect(manifestsOf(loadedOf(text).release)).toEqual(manifestsOf(loadedOf(plain(text)).release));
  });

  test('leaves the identity of a version as it is', () => {
    for (const name of ['shop-0', 'shop-1', 'shop-2'])
      expect(identityOf(loadedOf(split), name)).toBe(identityOf(loadedOf(plain(split)), name));
  });

  test('gives way to a number when the weight is changed, and to nothing else on its line', () => {
    const path = (position: number) => ['application', 'versions', position, 'weight'];
    const edits = [
      { path: path(0), value: 80 },
      { path: path(1), value: 20 },
    ];
    expect(applyEdits(split, edits, { file: 'values.yaml' })).toBe(
      split.replace('weight: "70"', 'weight: 80').replace("weight: '30'", 'weight: 20'),
    );
  });

  test('may be written as a float that is whole, without quotes', () => {
    const text = split.replace('"70"', '70.0').replace("'30'", '3e1');
    expect(manifestsOf(loadedOf(text).release)).toEqual(manifestsOf(loadedOf(split).release));
  });

  test.each(['"070"', '"1e1"', '"0x46"', '" 70"', '"70.0"', '"-1"', '"seventy"', '""'])(
    'is none in %s, which would be another number once it is printed, or none',
    (weight) => {
      expect(refusalsOf(split.replace('"70"', weight))).toEqual([
        `application.versions[0].weight ${weight} is no whole number`,
      ]);
    },
  );

  test('keeps the bounds of a number', () => {
    expect(refusalsOf(split.replace('"8080"', '"70000"').replace('"9090"', '"0"'))).toEqual([
      'application.port is 70000, above the most allowed: 65535',
      'application.versions[1].port is 0, below the least allowed: 1',
    ]);
  });

  test('is refused where Iter8 prints it with its quotes, which the API server does not take', () => {
    const given = split.replace('{ports: [{port: "81"}]}', '{spec: {ports: [{port: "81"}]}}');
    expect(refusalsOf(given)).toContainEqual(
      expect.stringMatching(/^application\.versions\[2\].*spec\.ports\[0\]\.port/),
    );
  });
});
