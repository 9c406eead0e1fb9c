import { expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { loadedOf } from '../release-of.js';

const external = (line: string) => `environment: istio
gateway: edge/public
application:
  strategy: blue-green
  versions:
  - external: {service: old, port: 80}
  - external: {deployment: new, labels: {app: new, version: v2}, port: 80}
    ${line}
`;

test.each([
  'metadata: {labels: {version: v2}}',
  'port: 90',
  'image: registry.example/shop:v2',
  'autoscaler: {maxReplicas: 2}',
])('loadValues() refuses %s beside external, where it would have no effect', (line) => {
  expect(() => loadedOf(external(line))).toThrow('stands beside external');
  expect(loadedOf(external('weight: 10')).notices).toEqual([]);
});

test.each(['a/b/c', 'x y', 'Edge'])('loadValues() refuses %j as a gateway, with its position', (name) => {
  try {
    loadedOf(external('weight: 10').replace('edge/public', `"${name}"`));
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toMatchObject([{ line: 2, path: 'gateway' }]);
  }
});
