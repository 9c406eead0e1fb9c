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
