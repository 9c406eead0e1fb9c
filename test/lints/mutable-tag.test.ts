import { expect, test } from 'vitest';
import { findingsIn, testLint, twoVersions } from './lint-test.js';

const istio = 'environment: istio\napplication:\n  strategy: blue-green\n';
const withImage = (image: string) => ({
  text: twoVersions(istio).replace('registry.example/shop:v2', image),
});

testLint('mutable-tag', {
  fires: {
    'the tag latest': { ...withImage('shop:latest'), on: 'shop:latest', says: 'has the tag latest, which is moved' },
    'no tag behind a port': {
      ...withImage('registry.example:5000/shop'),
      on: 'registry.example:5000/shop',
      says: 'registry.example:5000/shop has no tag, which means latest',
    },
    'the name of a branch': { ...withImage('shop:Main'), on: 'shop:Main', says: 'has the tag Main' },
    'a sidecar of every version': {
      text: twoVersions(
        `${istio}  deployment:\n    spec: {template: {spec: {containers: [{name: log, image: "log:stable"}]}}}\n`,
      ),
      on: 'log:stable',
      says: 'has the tag stable',
    },
    'an init container of a Deployment given whole': {
      text: twoVersions(istio, {
        second: `    deploymentSpecification:
      spec:
        selector: {matchLabels: {app: v2}}
        template:
          metadata: {labels: {app: v2}}
          spec:
            containers: [{name: v2, image: "shop:v2"}]
            initContainers:
            - {name: wait, image: busybox}
`,
      }),
      on: 'busybox',
      says: 'busybox has no tag',
    },
    'a container of an InferenceService': {
      text: 'environment: kserve\napplication:\n  modelFormat: sklearn\n  versions:\n  - storageUri: s3://m/1\n    inferenceService:\n      spec: {predictor: {containers: [{name: k, image: "k:dev"}]}}\n',
      on: 'k:dev',
      says: 'has the tag dev',
    },
  },
  quiet: {
    'a tag of a build': withImage('registry.example:5000/shop:v2.1.0-rc.1'),
    'a digest': withImage(`shop@sha256:${'0'.repeat(64)}`),
    'a moved tag with a digest': withImage(`shop:latest@sha256:${'0'.repeat(64)}`),
    'models, which have no image': {
      text: 'environment: kserve\napplication:\n  modelFormat: sklearn\n  versions: [{storageUri: "s3://m/latest", image: shop}]\n',
    },
  },
});

test.each(['latest', 'main', 'master', 'dev', 'edge', 'stable', 'nightly'])('mutable-tag knows %s', (tag) => {
  expect(findingsIn(withImage(`shop:${tag}`)).map(({ code }) => code)).toContain('lint/mutable-tag');
  expect(findingsIn(withImage(`shop:${tag}-1`)).map(({ code }) => code)).not.toContain('lint/mutable-tag');
});
