import { testLint, twoVersions } from './lint-test.js';

const canary = 'environment: istio\napplication:\n  strategy: canary\n';

testLint('unused-weight', {
  fires: {
    'a canary with a weight': {
      text: twoVersions(canary, { second: '    weight: 20\n' }),
      on: 'weight: 20',
      says: 'is 20, which the strategy canary does not use',
    },
    'the strategy none': {
      text: twoVersions('environment: istio\napplication:\n', { first: '    weight: 100\n' }),
      on: 'weight: 100',
      says: 'is 100, which the strategy none does not use',
    },
  },
  quiet: {
    'a split': { text: twoVersions(canary.replace('canary', 'blue-green'), { second: '    weight: 20\n' }) },
    'a mirror': { text: twoVersions(canary.replace('canary', 'mirrored'), { second: '    weight: 20\n' }) },
    'a canary without weights': { text: twoVersions(canary, { second: '    routed: false\n' }) },
  },
});
