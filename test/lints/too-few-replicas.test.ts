import { testLint, twoVersions } from './lint-test.js';

const values = (replicas: number, rollout: string, environment = 'kubernetes') =>
  `${twoVersions(
    `environment: ${environment}\napplication:\n  strategy: blue-green\n${environment === 'kubernetes' ? `  replicas: ${replicas}\n` : ''}`,
    { first: '    weight: 100\n', second: '    weight: 0\n' },
  )}analysis: {interval: 60s, objectives: [{metric: error-rate}]}
rollout: ${rollout}
`;

testLint('too-few-replicas', {
  fires: {
    'a step that becomes far more': {
      text: values(12, '{policy: steps, steps: [5, 50]}'),
      on: 'replicas: 12',
      says: 'is 12, which makes 8.3 % of a step of 5 %',
    },
    'a share of the policy': {
      text: values(55, '{policy: risk-budget}'),
      on: 'replicas: 55',
      says: 'is 55, which makes 1.8 % of a step of 1 %',
    },
  },
  quiet: {
    'pods that make the steps': { text: values(20, '{policy: steps, steps: [5, 50]}') },
    'pods that make them nearly': { text: values(18, '{policy: steps, steps: [5, 50]}') },
    'an environment whose routes have weights': { text: values(0, '{policy: steps, steps: [5, 50]}', 'istio') },
  },
});
