import { testLint, twoVersions } from './lint-test.js';

const istio = 'environment: istio\napplication:\n  strategy: blue-green\n';
const probe = 'deployment: {spec: {template: {spec: {containers: [{readinessProbe: {httpGet: {port: 80}}}]}}}}\n';

testLint('no-readiness-probe', {
  fires: {
    'two versions without one': { text: twoVersions(istio), on: 'name: v1', says: 'v1, v2 have no readiness probe' },
    'one of two versions': {
      text: twoVersions(istio, { first: `    ${probe}` }),
      on: 'name: v2',
      says: 'v2 has no readiness probe',
    },
    'a version that takes it away': {
      text: twoVersions(`${istio}  ${probe}`, {
        second: '    deployment: {spec: {template: {spec: {containers: [{readinessProbe: null}]}}}}\n',
      }),
      on: 'name: v2',
      says: 'v2 has no readiness probe',
    },
  },
  quiet: {
    'one of the application': { text: twoVersions(`${istio}  ${probe}`) },
    'what runs already': {
      text: 'environment: istio\napplication: {versions: [{external: {service: shop-v1}}]}\n',
    },
    models: {
      text: 'environment: kserve\napplication: {modelFormat: sklearn, versions: [{storageUri: "s3://m/1"}]}\n',
    },
  },
});
