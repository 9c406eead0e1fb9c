import { expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import type { Environment } from '../../src/release/environment.js';
import { loadValues } from '../../src/values/load.js';
import { defaultRegistry } from '../../src/values/lookup.js';
import { twoVersions } from '../release-of.js';

/** An environment from elsewhere that reads hosts and knows nothing of gateways. */
const contour = {
  id: 'contour',
  aliases: [],
  workloads: 'Deployment',
  supports: ['weight', 'hosts'],
  refuses: () => [],
  render: () => undefined,
} as const satisfies Environment;

const registry = { ...defaultRegistry, environments: { ...defaultRegistry.environments, contour } };

function problemsOf(environment: string, host: string) {
  const lines = `  hosts: [{name: a.example}, ${host}]\n  versions:\n`;
  const text = twoVersions('istio', 'blue-green').replace('istio', environment).replace('  versions:\n', lines);
  try {
    loadValues(text, { file: 'values.yaml', name: 'shop', namespace: 'default', registry });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test.each(['contour', 'emissary'])(
  'checkOptions() refuses the gateway of a host with environment %s',
  (environment) => {
    expect(problemsOf(environment, '{name: b.example}')).toEqual([]);
    expect(problemsOf(environment, '{name: b.example, gateway: edge/public}')).toMatchObject([
      {
        path: 'application.hosts[1].gateway',
        message: `is "edge/public", but environment ${environment} binds no host to a gateway`,
        hint: expect.stringContaining('istio, gateway-api'),
      },
    ]);
  },
);

test('checkOptions() takes the gateway of a host where gateways are promised', () => {
  expect(problemsOf('istio', '{name: b.example, gateway: edge/public}')).toEqual([]);
});

test('checkOptions() names hosts alone where neither they nor gateways are read', () => {
  const paths = problemsOf('kubernetes', '{name: b.example, gateway: edge/public}').map(({ path }) => path);
  expect(paths).toContain('application.hosts');
  expect(paths).not.toContain('application.hosts[1].gateway');
});
