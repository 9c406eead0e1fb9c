import { testLint, twoVersions } from './lint-test.js';

const values = (analysis: string, rollout = 'rollbackWindow: 1h') => `${twoVersions(
  'environment: istio\napplication:\n  strategy: blue-green\n',
  { first: '    weight: 100\n', second: '    weight: 0\n' },
)}analysis:
  interval: 60s
${analysis}rollout:
  ${rollout}
`;
const relative = '  objectives:\n  - {metric: error-rate}\n  - {metric: latency-p95, maxRatio: 1.2}\n';
const limited = '  judge: threshold\n  objectives:\n  - {metric: error-rate, upperLimit: 0.01, maxRatio: 2}\n';
const kayenta = '  judge: kayenta\n  objectives:\n  - {metric: error-rate}\n';

testLint('unwatched-promotion', {
  fires: {
    'a release that only compares': {
      text: values(relative),
      on: 'rollbackWindow: 1h',
      says: 'watches nothing: all objectives compare with the primary',
    },
    'a release of a judge that only compares': {
      text: values(kayenta),
      on: 'rollbackWindow: 1h',
      says: 'watches nothing: the judge kayenta only compares',
    },
  },
  quiet: {
    'a limit that stands by itself': { text: values(limited) },
    'no window': { text: values(relative, 'rollbackWindow: 0s') },
    'another rollout': { text: values(relative, 'onTermination: to-winner') },
  },
});
