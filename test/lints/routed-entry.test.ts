import { testLint, twoVersions } from './lint-test.js';

const head = 'environment: istio\napplication:\n  strategy: blue-green\n';
const both = (weight: number) =>
  twoVersions(head, { first: `    weight: ${100 - weight}\n`, second: `    weight: ${weight}\n` });
const alone = both(0).replace(/ {2}- metadata: \{name: v2\}[\s\S]*/, '');
const canary = twoVersions(head.replace('blue-green', 'canary'), { second: '    routed: true\n' });

testLint('routed-entry', {
  fires: {
    'a candidate that comes with a weight': {
      text: both(10),
      before: alone,
      on: 'weight: 10',
      says: 'routes requests to v2 in the change that deploys it',
    },
    'a canary that comes with its route': {
      text: canary,
      before: canary.replace(/ {2}- metadata: \{name: v2\}[\s\S]*/, ''),
      on: 'routed: true',
      says: 'routes requests to v2',
    },
    'a candidate that is changed and let in': {
      text: both(10).replace('shop:v2', 'shop:v3'),
      before: both(0),
      on: 'weight: 10',
      says: 'routes requests to v2',
    },
  },
  quiet: {
    'a candidate without traffic': { text: both(0), before: alone },
    'a candidate that was there': { text: both(10), before: both(0) },
    'a release that is new as a whole': { text: both(10), before: 'new' },
    'what runs already': {
      text: both(10).replace('    image: registry.example/shop:v2\n', '    external: {service: v2}\n'),
      before: alone,
    },
  },
});
