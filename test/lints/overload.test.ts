import { expect, test } from 'vitest';
import { findingsIn, testLint, twoVersions } from './lint-test.js';

const values = (
  second: string,
  { primary = 4, rollout = '{policy: steps, steps: [20, 50]}', strategy = 'blue-green' } = {},
) =>
  `${twoVersions(`environment: istio\napplication:\n  strategy: ${strategy}\n`, {
    first: `    deployment: {spec: {replicas: ${primary}}}\n`,
    second: `${second}    weight: 0\n`,
  })}analysis: {interval: 60s, objectives: [{metric: error-rate}]}
rollout: ${rollout}
`;
const pods = (count: number) => `    deployment: {spec: {replicas: ${count}}}\n`;
const split = (weight: number) =>
  twoVersions('environment: istio\napplication:\n  strategy: blue-green\n', {
    first: `${pods(4)}    weight: ${100 - weight}\n`,
    second: `    weight: ${weight}\n`,
  });

testLint('overload', {
  fires: {
    'a candidate of one pod': {
      text: values(''),
      on: 'name: v2',
      says: 'v2 has a pod, and at 50 % each bears 2.0 times what a pod of v1 does with all requests (4.0 times at 100 %)',
    },
    'a step of a third of the pods': {
      text: values(pods(2), { primary: 8 }),
      on: 'replicas: 2',
      says: 'v2 has 2 pods, and at 50 % each bears 2.0 times',
    },
    'a promotion onto half of the pods': {
      text: values(pods(2), { rollout: '{policy: risk-budget}' }),
      on: 'replicas: 2',
      says: 'at 100 % each bears 2.0 times',
    },
    'weights by hand': { text: split(40), on: 'name: v2', says: 'at 40 % each bears 1.6 times' },
    'a mirror': { text: values('', { strategy: 'mirrored' }), on: 'name: v2', says: 'at 50 % each bears 2.0 times' },
  },
  quiet: {
    'as many pods': { text: values(pods(4)) },
    'pods up to half as much again': { text: values(pods(3)) },
    'an autoscaler': { text: values('    autoscaler: {maxReplicas: 8}\n') },
    'a winner that is kept where it is': {
      text: values(pods(2), { rollout: '{policy: steps, steps: [20, 50], onTermination: keep-last}' }),
    },
    'weights by hand that it bears': { text: split(37) },
    'no word of replicas': { text: values('').replace('    deployment: {spec: {replicas: 4}}\n', '') },
  },
});

test('overload asks for as many pods as the last step takes', () => {
  const found = findingsIn({ text: values(pods(2), { primary: 8 }) }).find(({ code }) => code === 'lint/overload');
  expect(found?.hint).toBe('Give it 8 replicas under deployment.spec, or an autoscaler.');
  const kept = findingsIn({ text: split(40) }).find(({ code }) => code === 'lint/overload');
  expect(kept?.hint).toMatch(/^Give it 2 replicas/);
});
