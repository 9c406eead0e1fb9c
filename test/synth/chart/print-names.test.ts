import { describe, expect, test } from 'vitest';
import { environments } from '../../../src/environments/registry.js';
import { strategies } from '../../../src/strategies/registry.js';
import { printNames } from '../../../src/synth/chart/print-names.js';

const text = printNames({
  environments: [environments.istio, environments.kserve, environments.emissary],
  strategies: [strategies.none, strategies['blue-green']],
  untested: ['emissary'],
  fromGit: false,
});
const names = JSON.parse(text.split('\n').slice(1, -2).join('\n'));

describe('printNames()', () => {
  test('defines the helper', () => {
    expect(text.startsWith('{{- define "sluice.names" -}}\n{')).toBe(true);
    expect(text.endsWith('}\n{{- end }}\n')).toBe(true);
  });

  test('leads every name and alias to the id, of these alone', () => {
    expect(names.environments).toMatchObject({ istio: 'istio', 'deployment-istio': 'istio', kserve: 'kserve' });
    expect(Object.values(names.environments)).not.toContain('gateway-api');
    expect(Object.values(names.strategies)).not.toContain('canary');
  });

  test('knows of each environment its workloads, and the form of matches by deployment mode', () => {
    expect(names.workloads).toEqual({ istio: 'Deployment', kserve: 'InferenceService', emissary: 'Deployment' });
    expect(names.matchForms).toEqual({
      istio: { Serverless: 'match', RawDeployment: 'match' },
      kserve: { Serverless: 'match', RawDeployment: 'matches' },
      emissary: { Serverless: 'match', RawDeployment: 'match' },
    });
    expect(names.untested).toEqual(['emissary']);
  });

  test('has the merge keys of lists', () => {
    expect(names.mergeKeys).toMatchObject({ containers: 'name' });
  });
});
