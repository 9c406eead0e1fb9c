import { testLint, twoVersions } from './lint-test.js';

const analysis = 'analysis: {interval: 60s, objectives: [{metric: error-rate}]}\n';
const values = (image: string, rest = analysis) =>
  `${twoVersions('environment: istio\napplication:\n  strategy: blue-green\n', {
    first: '    weight: 100\n',
    second: '    weight: 0\n',
  }).replace('shop:v1', `shop:${image}`)}${rest}`;

testLint('edited-primary', {
  fires: {
    'a primary with another image': {
      text: values('v9'),
      before: values('v1'),
      on: 'shop:v9',
      says: 'changes the primary v1 in place (image), past the analysis',
    },
  },
  quiet: {
    'another candidate': { text: values('v1').replace('shop:v2', 'shop:v3'), before: values('v1') },
    'a release without an analysis': { text: values('v9', ''), before: values('v1', '') },
    'a release that is new': { text: values('v9'), before: 'new' },
  },
});
