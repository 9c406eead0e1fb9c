import { expect, test } from 'vitest';
import { loadProject } from '../../src/values/project.js';
import { findingsIn, measured, testLint, twoVersions, unmeasured } from './lint-test.js';

const values = (metric: string) =>
  `${twoVersions('environment: istio\napplication:\n  strategy: blue-green\n', {
    first: '    weight: 100\n',
    second: '    weight: 0\n',
  })}analysis:
  interval: 60s
  judge: threshold
  objectives:
  - metric: ${metric}
    upperLimit: 1
`;

const custom = loadProject(
  "metrics: {source: prometheus, url: 'http://prometheus:9090', custom: {heap: {kind: gauge, query: heap}}}\n",
  'sluice.yaml',
);
const httpJson = loadProject(
  "metrics: {source: http-json, url: 'http://p', traffic: {requests: a, errors: b, latencySum: c}}\n",
  'sluice.yaml',
);
const file = loadProject('metrics: {source: file, path: windows.csv}\n', 'sluice.yaml');

test.each([
  ['iter8_error_count', 'error-rate'],
  ['error-count', 'error-rate'],
  ['iter8_total_latency', 'latency-mean'],
])('unknown-metric names for %s what tells the same of each request', (metric, instead) => {
  const found = findingsIn({ text: values(metric), project: measured }).find(
    ({ code }) => code === 'lint/unknown-metric',
  );
  expect(found?.hint).toBe(`Such a sum follows from the share that a version has: name ${instead} in its place.`);
});

testLint('unknown-metric', {
  fires: {
    'a metric that nobody has defined': {
      text: values('heap'),
      project: measured,
      on: 'metric: heap',
      says: 'is told by nobody: prometheus in sluice.yaml has no heap',
    },
    'a count of errors, as Iter8 had one': {
      text: values('iter8_error_count'),
      project: measured,
      on: 'metric: iter8_error_count',
      says: 'has no iter8_error_count',
    },
    'an indicator that nobody has defined': {
      text: `${values('latency-mean')}  indicators:\n  - request-rate\n  - heap\n`,
      project: measured,
      on: '- heap',
      says: 'is told by nobody: prometheus in sluice.yaml has no heap',
    },
    'a percentile with a source that has none': {
      text: values('latency-p95'),
      project: httpJson,
      on: 'metric: latency-p95',
      says: 'http-json in sluice.yaml has no latency-p95',
    },
  },
  quiet: {
    'a metric that is built in': { text: values('latency-p95'), project: measured },
    'a metric of one\u2019s own': { text: values('heap'), project: custom },
    'a column of a file': { text: values('heap'), project: file },
    'a workspace without metrics': { text: values('heap'), project: unmeasured },
    'a file outside of a workspace': { text: values('heap') },
  },
});
