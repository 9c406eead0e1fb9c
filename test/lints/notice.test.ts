import { expect, test } from 'vitest';
import { findingsIn, testLint, twoVersions } from './lint-test.js';

const istio = 'environment: istio\napplication:\n  strategy: blue-green\n';

testLint('notice', {
  fires: {
    'a key of Iter8 without effect': {
      text: twoVersions(`iter8Version: "1.1"\n${istio}`),
      on: 'iter8Version',
      says: 'has no effect in sluice',
    },
    'a match that the strategy does not read': {
      text: twoVersions(istio, { second: '    match: [{headers: {x: {exact: beta}}}]\n' }),
      on: 'match:',
      says: 'has no effect with strategy blue-green',
    },
  },
  quiet: { 'values that are read to the last': { text: twoVersions(istio) } },
});

test('notice does not repeat what unused-weight says, also where that is allowed', () => {
  const text = twoVersions(istio.replace('blue-green', 'canary'), { second: '    weight: 20\n' });
  expect(findingsIn({ text }).map(({ code }) => code)).not.toContain('lint/notice');
  const allowed = text.replace('weight: 20', 'weight: 20 # sluice: allow unused-weight');
  expect(findingsIn({ text: allowed }).map(({ code }) => code)).toEqual(['lint/no-readiness-probe']);
});
