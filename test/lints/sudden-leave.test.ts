import { expect, test } from 'vitest';
import { findingsIn, testLint, twoVersions } from './lint-test.js';

const both = (weight: number) =>
  twoVersions('environment: istio\napplication:\n  strategy: blue-green\n', {
    first: `    weight: ${100 - weight}\n`,
    second: `    weight: ${weight}\n`,
  });
const alone = both(0).replace(/ {2}- metadata: \{name: v2\}[\s\S]*/, '');
const promoted = both(100).replace('  versions:', '  primary: v2\n  versions:');
const second = promoted.replace(/ {2}- metadata: \{name: v1\}[\s\S]*?(?= {2}- )/, '');

testLint('sudden-leave', {
  fires: {
    'a candidate that goes with its route': {
      text: alone,
      before: both(20),
      on: 'name: v1',
      says: 'lose v2, which is routed',
    },
    'a primary that goes with its promotion away': {
      text: second,
      before: both(20),
      on: 'name: v2',
      says: 'lose v1, which is routed',
    },
    'a release that is made anew in another namespace': {
      text: both(20).replace('application:', 'application:\n  metadata: {namespace: shop}'),
      before: both(20),
      on: 'metadata: {namespace',
      says: 'of default/',
    },
  },
  quiet: {
    'a candidate without traffic': { text: alone, before: both(0) },
    'an old primary that was out of the route': { text: second, before: promoted },
    'what sluice does not run': {
      text: alone,
      before: both(20).replace('    image: registry.example/shop:v2\n', '    external: {service: v2}\n'),
    },
  },
});

test('sudden-leave is silenced at the key of the list in which it is found, too', () => {
  const text = alone.replace('  versions:', '  versions: # sluice: allow sudden-leave: nobody calls at night');
  expect(findingsIn({ text, before: both(20) }).map(({ code }) => code)).toEqual(['lint/no-readiness-probe']);
});
