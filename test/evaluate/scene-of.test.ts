import { describe, expect, test } from 'vitest';
import { sceneOf } from '../../src/evaluate/scene-of.js';
import { loadedOf, twoVersions } from '../release-of.js';

const analysis = 'analysis: {interval: 60s, judge: threshold, objectives: [{metric: error-rate, upperLimit: 0.01}]}\n';

function together(environment: string, strategy: string): number | undefined {
  const out = strategy === 'canary' ? 'routed: false' : 'weight: 0';
  const text = twoVersions(environment, strategy).replace('    weight: 10', `    ${out}`);
  const pods = text.replace('replicas: 10', 'replicas: 100');
  const third = `  - {metadata: {name: v3}, image: "registry.example/shop:v3", ${out}}\n`;
  return sceneOf(loadedOf(`${pods}${third}${analysis}`))?.together;
}

describe('sceneOf()', () => {
  test.each([
    ['istio', 'blue-green'],
    ['istio', 'mirrored'],
    ['gateway-api', 'blue-green'],
    ['emissary', 'blue-green'],
  ])('lets candidates be analysed together in %s, %s', (environment, strategy) => {
    expect(together(environment, strategy)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ['kubernetes', 'blue-green'],
    ['emissary', 'mirrored'],
  ])('lets one follow the other in %s, %s', (environment, strategy) => {
    expect(together(environment, strategy)).toBe(1);
  });

  test('has every version beside the primary with its percent, and what the percents are of', () => {
    expect(sceneOf(loadedOf(twoVersions('istio', 'blue-green') + analysis))).toMatchObject({
      primary: { name: 'v1' },
      others: [{ name: 'v2', share: 10 }],
      moves: 'shares',
    });
    expect(sceneOf(loadedOf(twoVersions('istio', 'blue-green')))).toBeUndefined();
  });
});
