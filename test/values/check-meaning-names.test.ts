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
