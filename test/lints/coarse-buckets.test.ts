import { loadProject } from '../../src/values/project.js';
import { measured, testLint, twoVersions } from './lint-test.js';

const values = (objective: string, environment = 'istio') =>
  `${twoVersions(`environment: ${environment}\napplication:\n  strategy: blue-green\n`, {
    first: '    weight: 100\n',
    second: '    weight: 0\n',
  })}analysis:
  interval: 60s
  judge: threshold
  objectives:
  - ${objective}
`;
const finer = loadProject(
  'metrics: {source: prometheus, url: "http://prometheus:9090", buckets: [250, 300, 360, 500]}\n',
  'sluice.yaml',
);
const single = loadProject(
  'metrics: {source: prometheus, url: "http://prometheus:9090", buckets: [250]}\n',
  'sluice.yaml',
);

testLint('coarse-buckets', {
  fires: {
    'a limit between two buckets': {
      text: values('{metric: latency-p95, upperLimit: 300}'),
      on: 'upperLimit: 300',
      says: 'is 300 ms, where no bucket ends: it cannot be told from 250 and 500',
    },
    'a limit on the Gateway API': {
      text: values('{metric: latency-p99, lowerLimit: 0.2}', 'gateway-api'),
      project: measured,
      on: 'lowerLimit: 0.2',
      says: 'it cannot be told from anything below 0.5',
    },
    'a limit above every bucket of its own proxies': {
      text: values('{metric: latency-p50, upperLimit: 1000}'),
      project: finer,
      on: 'upperLimit: 1000',
      says: 'it cannot be told from anything above 500',
    },
    'a limit that OpenTelemetry has and Envoy has not': {
      text: values('{metric: latency-p95, upperLimit: 750}', 'emissary'),
      project: measured,
      on: 'upperLimit: 750',
      says: 'is 750 ms, where no bucket ends: it cannot be told from 500 and 1000',
    },
    'a ratio that no two buckets have': {
      text: values('{metric: latency-p95, upperLimit: 500, maxRatio: 1.2}'),
      on: 'maxRatio: 1.2',
      says: 'is 1.2, finer than the buckets: each ends at 2 times the one below or more',
    },
    'a ratio the other way round': {
      text: values('{metric: latency-p95, minRatio: 0.8}'),
      on: 'minRatio: 0.8',
      says: 'is 0.8, finer than the buckets',
    },
    'a ratio beside one bucket': {
      text: values('{metric: latency-p95, maxRatio: 2}'),
      project: single,
      on: 'maxRatio: 2',
      says: 'there is one alone',
    },
  },
  quiet: {
    'limits at the ends of buckets': { text: values('{metric: latency-p95, upperLimit: 500, maxRatio: 2}') },
    'buckets of its own': { text: values('{metric: latency-p95, upperLimit: 300, maxRatio: 1.2}'), project: finer },
    'a ratio of 1': { text: values('{metric: latency-p95, maxRatio: 1}') },
    'a mean': { text: values('{metric: latency-mean, upperLimit: 300, maxRatio: 1.2}') },
    'another source, whose buckets nobody knows': {
      text: values('{metric: latency-p95, upperLimit: 300}'),
      project: loadProject('metrics: {source: file, path: traffic.csv}\n', 'sluice.yaml'),
    },
    'the buckets of OpenTelemetry': {
      text: values('{metric: latency-p95, upperLimit: 750}', 'kubernetes').replace(
        'strategy: blue-green\n',
        'strategy: blue-green\n  replicas: 100\n',
      ),
      project: measured,
    },
    'values without an analysis': {
      text: values('{metric: latency-p95, upperLimit: 300}').replace(/analysis:[\s\S]*/, ''),
    },
  },
});
