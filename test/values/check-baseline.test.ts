import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { loadedOf } from '../release-of.js';

const values = `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: v1}, image: "registry.example/shop:v1", weight: 100}
  - {metadata: {name: v2}, image: "registry.example/shop:v2", weight: 0}
analysis:
  interval: 60s
  baseline: fresh
  objectives: [{metric: error-rate, upperLimit: 0.01}]
`;

const copy = '  - {baselineOf: v1, metadata: {name: v1-baseline}, image: "registry.example/shop:v1", weight: 0}\n';

/** Returns what is refused, as the place and what is said there. */
function refused(text: string): string[] {
  try {
    loadedOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message, hint }) => `${path} ${message}. ${hint}`);
  }
}

describe('checkBaseline()', () => {
  test('takes a fresh baseline where weights split the requests', () => {
    for (const environment of ['istio', 'gateway-api', 'emissary']) {
      expect(refused(values.replace('istio', environment))).toEqual([]);
      expect(refused(values.replace('istio', environment).replace('analysis:', `${copy}analysis:`))).toEqual([]);
    }
  });

  test.each(['canary', 'mirrored'])('refuses it in %s', (strategy) => {
    const text = values.replace('blue-green', strategy).replace('weight: 0', 'routed: false');
    expect(refused(text)).toEqual([
      `analysis.baseline is fresh, which needs a split by weight, but the strategy is ${strategy}. Choose blue-green, or write analysis.baseline: primary.`,
    ]);
  });

  test('refuses it where pods make the shares', () => {
    const text = values.replace('istio', 'kubernetes').replace('strategy:', 'replicas: 100\n  strategy:');
    expect(refused(text)).toEqual([
      'analysis.baseline is fresh, which needs a route with weights, but in kubernetes the number of pods makes the shares. Choose an environment whose routes have weights, or write analysis.baseline: primary.',
    ]);
  });

  test('refuses versions that cannot be copied, whichever they are', () => {
    const external = '{external: {service: shop-v2}, weight: 0}';
    expect(refused(values.replace(/\{metadata: \{name: v2.*/, external))[0]).toMatch(
      /^application\.versions\[1\]\.external stands against analysis\.baseline: fresh, since sluice can deploy a copy only/,
    );
    const whole =
      'deploymentSpecification: {spec: {selector: {matchLabels: {app: v1}}, template: {metadata: {labels: {app: v1}}, spec: {containers: [{name: v1, image: "a:1"}]}}}}';
    expect(refused(values.replace('weight: 100', `weight: 100, ${whole}`))[0]).toMatch(
      /^application\.versions\[0\]\.deploymentSpecification stands against/,
    );
  });

  test.each([
    ['{policy: steps, steps: [5, 50]}', 'rollout.steps[1] is 50'],
    ['{entryShare: 60}', 'rollout.entryShare is 60'],
    ['{policy: progressive, maxCandidateWeight: 80}', 'rollout.maxCandidateWeight is 80'],
  ])('refuses shares that leave the primary nothing beside two versions: %s', (rollout, found) => {
    expect(refused(`${values}rollout: ${rollout}\n`)).toEqual([
      `${found}, but with analysis.baseline: fresh the baseline gets as much, and the primary the rest. Write at most 49, or write analysis.baseline: primary.`,
    ]);
    expect(refused(`${values.replace('fresh', 'primary')}rollout: ${rollout}\n`)).toEqual([]);
  });

  test('refuses a second baseline, and a primary that is one', () => {
    const second = copy.replace('v1-baseline', 'v1-other');
    expect(refused(values.replace('analysis:', `${copy}${second}analysis:`))).toEqual([
      'application.versions[3].baselineOf makes v1-other a second baseline beside versions[2]. There is one at a time: remove this entry.',
    ]);
    const promoted = values
      .replace('analysis:', `${copy.replace('weight: 0', 'weight: 5')}analysis:`)
      .replace('strategy:', 'primary: v1-baseline\n  strategy:');
    expect(refused(promoted)).toEqual([
      'application.versions[2].baselineOf makes v1-baseline a baseline, but it is the primary. Take baselineOf out to keep it as the primary, or name another one in application.primary.',
    ]);
  });
});
