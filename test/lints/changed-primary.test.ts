import { testLint, twoVersions } from './lint-test.js';

const values = (primary: string, image = 'v2') =>
  twoVersions(`environment: istio\napplication:\n  strategy: canary\n  primary: ${primary}\n`).replace(
    'shop:v2',
    `shop:${image}`,
  );

testLint('changed-primary', {
  fires: {
    'a promotion of a version that changes': {
      text: values('v2', 'v3'),
      before: values('v1'),
      on: 'primary: v2',
      says: 'makes v2 the primary in the change that changes it (image)',
    },
    'a promotion of a version that is new': {
      text: values('v2'),
      before: values('v1').replace(/ {2}- metadata: \{name: v2\}[\s\S]*/, ''),
      on: 'primary: v2',
      says: 'makes v2 the primary in the change that deploys it',
    },
  },
  quiet: {
    'a promotion alone': { text: values('v2'), before: values('v1') },
    'another image of a candidate': { text: values('v1', 'v3'), before: values('v1') },
    'a release that is new': { text: values('v2'), before: 'new' },
  },
});
