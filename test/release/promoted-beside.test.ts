import { expect, test } from 'vitest';
import { promotedBeside } from '../../src/release/promoted-beside.js';
import { releaseOf, twoVersions } from '../release-of.js';

const third = (strategy: string) =>
  `${twoVersions('istio', strategy)}  - metadata: {name: v3}\n    image: registry.example/shop:v3\n    weight: 10\n`;

test.each([
  ['mirrored', { v1: { weight: 0 }, v2: { weight: 100 }, v3: { weight: 10, routed: true } }],
  ['canary', { v1: { routed: false }, v2: { routed: true }, v3: { routed: true } }],
  ['blue-green', { v1: { weight: 0 }, v2: { weight: 90, routed: true }, v3: { weight: 10, routed: true } }],
])('promotedBeside() takes the primary before out of the route: %s', (strategy, versions) => {
  expect(promotedBeside(releaseOf(third(strategy)), 'v2', { v3: 10 })).toEqual({ primary: 'v2', versions });
});
