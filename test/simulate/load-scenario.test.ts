import { describe, expect, test } from 'vitest';
import { ConfigError, formatProblems } from '../../src/errors.js';
import { loadScenario } from '../../src/simulate/load-scenario.js';
import { equal } from './scenarios.js';

function refused(text: string): string {
  try {
    loadScenario(text, 'scenario.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return formatProblems(error.problems);
    throw error;
  }
  throw new Error('it was read');
}

describe('loadScenario()', () => {
  test('fills in what is not written, as values do', () => {
    const { traffic, pods, sync, analysis, rollout, regression } = loadScenario(equal, 'scenario.yaml');
    expect({ traffic, pods, sync, regression }).toMatchObject({
      traffic: { shape: 'flat', rate: 20 },
      ...{ pods: { primary: 8, candidate: 2, errorVariation: 0 }, sync: 0, regression: undefined },
    });
    expect(analysis).toMatchObject({ judge: 'sequential', maxDuration: 10800, minDuration: 3600 });
    expect(rollout.policy).toBe('risk-budget');
  });

  test.each([
    ['traffic: {rte: 20}', 'scenario.yaml:1:11 traffic.rte: is no known key', 'Did you mean rate?'],
    ['traffic: {rate: -1}', 'scenario.yaml:1:17 traffic.rate: is -1, not above 0', 'more than 0'],
    ['traffic: {rate: 20, swing: 0.2}', 'traffic.swing: has no effect with the shape flat', 'Write shape: diurnal'],
    ['traffic: {rate: 20, shape: wavy}', 'traffic.shape: is "wavy"', 'flat, diurnal, bursts'],
    [
      'traffic: {rate: 20, shape: bursts, bursts: {duration: 30m}}',
      'traffic.bursts.duration: is 30m, not below every, which is 20m',
      'before the next begins',
    ],
  ])('refuses %s with its line and key', (traffic, what, hint) => {
    const said = refused(equal.replace('traffic: {rate: 20}', traffic));
    expect(said).toContain(what);
    expect(said).toContain(hint);
  });

  test.each([
    ['regression: {}', 'scenario.yaml:5:13 regression: changes nothing', 'Give errorRate'],
    [
      'regression: {errorRate: 0.999}',
      'regression.errorRate: is 0.999, which with the 0.005 of the baseline',
      'give less',
    ],
    ['regression: {errorRate: 0.1, onset: 10}', 'regression.onset: 10 is no duration', '30m'],
    ['baseline: {latency: {p50: 40, p95: 30}}', 'baseline.latency.p95: is 30, not above p50', 'more'],
    ['baseline: {buckets: [100, 50]}', 'baseline.buckets: does not rise', 'from the lowest up'],
    ['pods: {primary: 0}', 'pods.primary: is 0, below the least allowed: 1', 'at least 1'],
    ['rollout: {override: {action: pause}}', 'rollout.override: is no known key', 'Allowed are: policy'],
    ['rollout: {freeze: {reason: sale}}', 'rollout.freeze: is no known key', 'Allowed are: policy'],
    ['rollout: {steps: [5, 50]}', 'rollout.steps: has no effect with the policy risk-budget', 'policy that reads it'],
    [
      'rollout: {policy: steps, steps: [50, 5]}',
      'scenario.yaml:5:38 rollout.steps[1]: is 5, not above the step before',
      'rise',
    ],
  ])('refuses %s with its line and key', (more, what, hint) => {
    const said = refused(`${equal}${more}\n`);
    expect(said).toContain(what);
    expect(said).toContain(hint);
  });

  test('refuses a fresh baseline, which would be a third version', () => {
    const said = refused(equal.replace('  interval', '  baseline: fresh\n  interval'));
    expect(said).toContain('analysis.baseline: is fresh, which is not simulated');
    expect(said).toContain('pods.primary and pods.candidate make both alike');
  });

  test('refuses metrics that have no made-up traffic, and limits that mean nothing', () => {
    expect(refused(equal.replace('error-rate', 'cpu'))).toContain(
      'scenario.yaml:4:25 analysis.objectives[0].metric: is cpu, which is not simulated',
    );
    expect(refused(equal.replace('error-rate', 'error-rate, upperLimit: 5'))).toContain(
      'analysis.objectives[0].upperLimit: is 5, which no error rate can be above',
    );
  });
});
