import { testLint } from './lint-test.js';

const values = (second: string) => `environment: istio
application:
  strategy: blue-green
  versions:
  - metadata: {name: v1, labels: {tier: front}}
    image: registry.example/shop:v1
    deployment: {spec: {replicas: 2, minReadySeconds: 5}}
    weight: 100
  - metadata: {labels: {tier: front}, name: v2}
    ${second}
    weight: 0
`;
const twin = `image: registry.example/shop:v1
    deployment: {spec: {minReadySeconds: 5, replicas: 2}}`;

testLint('same-as-primary', {
  fires: {
    'a candidate that differs in name and weight': {
      text: values(twin),
      on: 'name: v2',
      says: 'v2 is the same as the primary v1',
    },
    'a first version beside a promoted twin': {
      text: values(twin)
        .replace('  versions:', '  primary: v2\n  versions:')
        .replace('100', '0')
        .replace(/0\n$/, '100\n'),
      on: 'name: v1',
      says: 'v1 is the same as the primary v2',
    },
  },
  quiet: {
    'a fresh baseline of the evaluator': {
      text: values(twin.replace('image:', 'baselineOf: v1\n    image:')),
    },
    'a candidate with another image': { text: values(twin.replace(':v1', ':v2')) },
    'a candidate with other settings': { text: values(twin.replace('replicas: 2', 'replicas: 3')) },
    'a candidate with other labels': {
      text: values(twin).replace('labels: {tier: front}, name', 'labels: {tier: back}, name'),
    },
  },
});
