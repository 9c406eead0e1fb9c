import { loadProject } from '../../src/values/project.js';
import { measured, testLint, twoVersions, unmeasured } from './lint-test.js';

const values = (judge: string, objective: string) =>
  `${twoVersions('environment: istio\napplication:\n  strategy: blue-green\n', {
    first: '    weight: 100\n',
    second: '    weight: 0\n',
  })}analysis:
  interval: 60s
  judge: ${judge}
  objectives:
  - ${objective}
`;

const custom = loadProject(
  `metrics:
  source: prometheus
  url: 'http://prometheus:9090'
  custom:
    failures: {kind: ratio, events: bad, of: every}
    wait: {kind: histogram, buckets: b}
    old: {kind: ratio, query: bad, of: every}
    old-p95: {kind: histogram, query: b}
`,
  'sluice.yaml',
);

testLint('unjudged-metric', {
  fires: {
    'a percentile of a histogram, for a judge that knows no posterior of percentiles': {
      text: values('bayesian', '{metric: wait-p90, upperLimit: 5}'),
      project: custom,
      on: 'metric: wait-p90',
      says: 'is a percentile, of which bayesian knows no posterior; wait-p90 is a histogram',
    },
    'a ratio that has to be 0, for tests by counts': {
      text: values('sequential', '{metric: failures, upperLimit: 0}'),
      project: custom,
      on: 'metric: failures',
      says: 'has an upperLimit of 0, which no number of requests can prove; failures is a ratio',
    },
    'percents in place of a share': {
      text: values('threshold', '{metric: failures, upperLimit: 5}'),
      project: custom,
      on: 'upperLimit: 5',
      says: 'is 5, which no error rate can be above; failures is a ratio',
    },
    'a percentile that must not be too low beside the baseline': {
      text: values('sequential', '{metric: wait-p95, minRatio: 0.5}'),
      project: custom,
      on: 'metric: wait-p95',
      says: 'has a minRatio, which no bucket tells of',
    },
  },
  quiet: {
    'a limit on a ratio': { text: values('sequential', '{metric: failures, upperLimit: 0.05}'), project: custom },
    'a limit on a percentile': { text: values('threshold', '{metric: wait-p99, upperLimit: 5}'), project: custom },
    'a ratio with one value a window': {
      text: values('sequential', '{metric: old, upperLimit: 0}'),
      project: custom,
    },
    'a gauge that is called like a percentile': {
      text: values('bayesian', '{metric: old-p95, upperLimit: 5}'),
      project: custom,
    },
    'a metric that nobody has defined': {
      text: values('bayesian', '{metric: wait-p90, upperLimit: 5}'),
      project: measured,
    },
    'a workspace without metrics': {
      text: values('bayesian', '{metric: wait-p90, upperLimit: 5}'),
      project: unmeasured,
    },
    'a file outside of a workspace': { text: values('bayesian', '{metric: wait-p90, upperLimit: 5}') },
  },
});
