import { loadProject } from '../../src/values/project.js';
import { measured, testLint, twoVersions, unmeasured } from './lint-test.js';

const values = (environment: string, lines = '') =>
  `${twoVersions(`environment: ${environment}\napplication:\n  strategy: blue-green\n${lines}`, {
    first: '    weight: 100\n',
    second: '    weight: 0\n',
  })}analysis:
  interval: 60s
  objectives:
  - {metric: error-rate}
`;
const external = `environment: istio
application:
  strategy: blue-green
  versions: [{external: {deployment: shop-v1}, weight: 100}, {external: {deployment: shop-v2}, weight: 0}]
analysis:
  interval: 60s
  objectives:
  - {metric: error-rate}
`;

testLint('no-metrics', {
  fires: {
    'a workspace without metrics': {
      text: values('istio'),
      project: unmeasured,
      on: '- {metric: error-rate}',
      says: 'are not measured: no sluice.yaml names a source',
    },
    'a split that Envoy Gateway makes one cluster of': {
      text: values('gateway-api', '  versionHeader: false\n').replace('weight: 0', 'weight: 10'),
      project: loadProject(
        'metrics: {source: prometheus, url: "http://prometheus:9090", telemetry: {gateway-api: envoy-gateway}}\n',
        'sluice.yaml',
      ),
      on: '- {metric: error-rate}',
      says: 'are not measured: v1 has series that count v2 of',
    },
    'mirrors of a waypoint': {
      text: values('istio').replace('blue-green', 'mirrored'),
      project: loadProject(
        'metrics: {source: prometheus, url: "http://prometheus:9090", telemetry: {istio: istio-waypoint}}\n',
        'sluice.yaml',
      ),
      on: '- {metric: error-rate}',
      says: 'a waypoint does not count what it mirrors',
    },
    'external Deployments': {
      text: external,
      project: measured,
      on: '- {metric: error-rate}',
      says: 'no source tells external Deployments apart yet',
    },
  },
  quiet: {
    'Istio with metrics': { text: values('istio'), project: measured },
    'Emissary with metrics': { text: values('emissary'), project: measured },
    'the Gateway API with metrics': { text: values('gateway-api'), project: measured },
    'a file outside of a workspace': { text: values('emissary') },
    'values without an analysis': { text: values('emissary').replace(/analysis:[\s\S]*/, ''), project: unmeasured },
  },
});
