import { testLint, twoVersions } from './lint-test.js';

const both = (weight: number, image = 'v2') =>
  twoVersions('environment: istio\napplication:\n  strategy: blue-green\n', {
    first: `    weight: ${100 - weight}\n`,
    second: `    weight: ${weight}\n`,
  }).replace('shop:v2', `shop:${image}`);

testLint('changed-candidate', {
  fires: {
    'a routed candidate with another image': {
      text: both(20, 'v3'),
      before: both(20),
      on: 'shop:v3',
      says: 'changes v2 (image) while it is routed',
    },
    'one that gets more at the same time': {
      text: both(50, 'v3'),
      before: both(20),
      on: 'shop:v3',
      says: 'changes v2 (image)',
    },
    'a setting that is taken away': {
      text: both(20),
      before: both(20).replace(/\n {4}weight: 20/, '\n    port: 81\n    weight: 20'),
      on: 'name: v2',
      says: 'changes v2 (port)',
    },
  },
  quiet: {
    'weights alone': { text: both(50), before: both(20) },
    'a candidate that is taken out as it changes': { text: both(0, 'v3'), before: both(20) },
    'one that was not routed': { text: both(20, 'v3'), before: both(0) },
    'a layout alone': { text: `# moved\n${both(20)}`, before: both(20) },
  },
});
