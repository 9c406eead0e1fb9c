import { expect, test } from 'vitest';
import { loadedOf } from '../release-of.js';

const versions = (environment: string, runs: string, second: string) =>
  `environment: ${environment}\napplication:\n  versions:\n  - {metadata: {name: v1}, ${runs}}\n  - {metadata: {name: v2}, ${runs}, ${second}}\n`;

test.each([
  ['istio', 'image: registry.example/shop:v1', 'serviceSpecification'],
  ['kserve', 'modelFormat: sklearn, storageUri: s3://models/v1', 'inferenceServiceSpecification'],
])('checkMeaning() reports a name where it was given: %s', (environment, runs, key) => {
  const text = versions(environment, runs, `${key}: {metadata: {name: v1}}`);
  const path = `application.versions[1].${key}.metadata.name`;
  expect(() => loadedOf(text)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ path, message: expect.stringMatching('again') })] }),
  );
});

test('checkMeaning() reports a primary that is not routed beside what the environment refuses of it', () => {
  const text = `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: shop}, image: registry.example/shop:v1, routed: false}
  - {metadata: {name: v2}, image: registry.example/shop:v2}
`;
  const problems = ['application.versions[0].routed', 'application.versions[0].metadata.name'].map((path) =>
    expect.objectContaining({ path }),
  );
  expect(() => loadedOf(text)).toThrow(expect.objectContaining({ problems }));
});

test('checkMeaning() reports a Deployment of the same name, whatever the Services are called', () => {
  const renamed = 'serviceSpecification: {metadata: {name: other}}';
  const text = versions('istio', 'image: registry.example/shop:v1', renamed).replace('{name: v2}', '{name: v1}');
  const path = 'application.versions[1].metadata.name';
  expect(() => loadedOf(text)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ path })] }));
});

const named = (name: string, more = '') => `deploymentSpecification: {metadata: {name: ${name}${more}}}`;
const image = 'image: registry.example/shop:v1';

test.each([
  [
    'both specifications',
    `${image}, ${named('s')}`,
    `metadata: {name: v2}, ${image}, ${named('s')}`,
    's',
    'deploymentSpecification.metadata.name',
  ],
  ['the first specification', `${image}, ${named('v2')}`, `metadata: {name: v2}, ${image}`, 'v2', 'metadata.name'],
  [
    'the second specification',
    image,
    `metadata: {name: v2}, ${image}, ${named('v1')}`,
    'v1',
    'deploymentSpecification.metadata.name',
  ],
  [
    'a Deployment that exists',
    `${image}, ${named('live')}`,
    'external: {deployment: live}',
    'live',
    'external.deployment',
  ],
  [
    'a namespace of the specification',
    `${image}, ${named('s', ', namespace: shop')}`,
    `metadata: {name: v2, namespace: shop}, ${image}, ${named('s')}`,
    's',
    'deploymentSpecification.metadata.name',
  ],
])('checkMeaning() reports two Deployments of one name, by %s', (_title, first, second, name, place) => {
  const text = `environment: istio\napplication:\n  versions:\n  - {metadata: {name: v1}, ${first}}\n  - {${second}}\n`;
  const path = `application.versions[1].${place}`;
  const message = `is "${name}" again, the name of the Deployment of versions[0]`;
  expect(() => loadedOf(text)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ path, message })] }),
  );
});

test('checkMeaning() takes Deployments of one name in two namespaces', () => {
  const text = versions('istio', `${image}, ${named('s')}`, named('s', ', namespace: other')).replace(
    `${named('s')}, ${named('s', ', namespace: other')}`,
    named('s', ', namespace: other'),
  );
  expect(() => loadedOf(text)).not.toThrow();
});

test.each([
  ['istio', 'image: registry.example/shop:v1, serviceSpecification: {metadata: {name: given}}'],
  ['kubernetes', 'image: registry.example/shop:v1, serviceSpecification: {metadata: {name: given}}'],
  [
    'kserve',
    'modelFormat: sklearn, storageUri: s3://models/v1, inferenceServiceSpecification: {metadata: {name: given}}',
  ],
  ['istio', 'image: registry.example/shop:v1'],
])('checkMeaning() refuses a default name too long for a label, whatever hides it: %s', (environment, version) => {
  const text = (length: number) =>
    `environment: ${environment}\napplication:\n  metadata: {name: ${'r'.repeat(length)}}\n  versions: [{${version}}]\n`;
  const problem = {
    path: 'application.versions[0].metadata.name',
    message: `would be "${'r'.repeat(63)}-0", longer than 63 characters`,
    hint: 'Give the version a shorter metadata.name.',
  };
  expect(() => loadedOf(text(63))).toThrow(expect.objectContaining({ problems: [expect.objectContaining(problem)] }));
  expect(() => loadedOf(text(61))).not.toThrow();
});
