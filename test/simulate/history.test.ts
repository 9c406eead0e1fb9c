import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/simulate/random.js';
import { resolveScenario, type ScenarioFile } from '../../src/simulate/scenario-file.js';
import { simulate } from '../../src/simulate/simulate.js';
import { Traffic } from '../../src/simulate/traffic.js';

const analysis = {
  interval: '60s',
  objectives: [{ metric: 'error-rate' }, { metric: 'latency-p95' }, { metric: 'latency-mean' }],
};
const written: ScenarioFile = { traffic: { rate: 500 }, analysis };

function historyOf(more: Partial<ScenarioFile>, run = 0) {
  const scenario = resolveScenario({ ...written, ...more });
  return new Traffic(scenario, randomOf(1, run)).history(scenario, randomOf(1, -1 - run));
}

describe('Traffic.history()', () => {
  test('has the bucket of the percentile, and how alike pods are', () => {
    const { bounds, overdispersion, autocorrelation, spread } = historyOf({});
    expect(bounds).toEqual({ 'latency-p95': 250 });
    expect(overdispersion?.['error-rate']).toBeLessThan(0.05);
    expect(overdispersion?.['latency-p95']).toBeLessThan(0.05);
    expect(autocorrelation?.['latency-p95']).toBe(0);
    expect(spread?.['latency-mean']?.intervals).toBe(240);
  });

  test('knows pods that differ, and for how long', () => {
    const found = Array.from({ length: 20 }, (_, run) =>
      historyOf({ pods: { errorVariation: 0.5, autocorrelation: 0.8 } }, run),
    );
    const mean = (of: (history: (typeof found)[number]) => number | undefined) =>
      found.reduce((sum, history) => sum + (of(history) ?? 0), 0) / found.length;
    // Of one window 0.156, of many 1.41, of which blocks of 20 see 78 %.
    expect(mean(({ overdispersion }) => overdispersion?.['error-rate'])).toBeGreaterThan(0.8);
    expect(mean(({ overdispersion }) => overdispersion?.['error-rate'])).toBeLessThan(1.6);
    expect(mean(({ autocorrelation }) => autocorrelation?.['error-rate'])).toBeCloseTo(0.7, 1);
    expect(mean(({ overdispersion }) => overdispersion?.['latency-p95'])).toBeLessThan(0.05);
  });

  test('is the same for the same run, and changes nothing of its traffic', () => {
    const scenario = resolveScenario({ ...written, pods: { errorVariation: 0.5 } });
    const [one, two] = [new Traffic(scenario, randomOf(1, 3)), new Traffic(scenario, randomOf(1, 3))];
    expect(one.history(scenario, randomOf(1, -4))).toEqual(two.history(scenario, randomOf(1, -4)));
    const other = new Traffic(scenario, randomOf(1, 3));
    expect(one.window(5, undefined)).toEqual(other.window(5, undefined));
  });

  test('is of the pods of the run where they differ for good', () => {
    const spreadOf = (run: number) =>
      historyOf({ pods: { errorVariation: 0.5, autocorrelation: 1 } }, run).overdispersion?.['error-rate'];
    const [one, other] = [spreadOf(1), spreadOf(2)];
    expect(one).toBeGreaterThan(1);
    expect(one).not.toBe(other);
  });
});

test('simulate() rolls back no good candidate for what its pods have', async () => {
  const scenario = resolveScenario({
    ...written,
    pods: { errorVariation: 0.5, autocorrelation: 0.8 },
    analysis: { interval: '60s', objectives: [{ metric: 'error-rate' }] },
  });
  const runs = await simulate({ scenario, seed: 1, first: 0, count: 60 });
  expect(runs.filter(({ outcome }) => outcome === 'rolled back').length).toBeLessThanOrEqual(1);
});

test('simulate() finds half a percentage point on alike pods sooner than with what would be assumed', async () => {
  const scenario = resolveScenario({
    ...written,
    regression: { errorRate: 0.005 },
    analysis: { interval: '60s', objectives: [{ metric: 'error-rate' }] },
  });
  const runs = await simulate({ scenario, seed: 1, first: 0, count: 60 });
  const excess = runs.reduce((sum, { failures }) => sum + failures, 0) / runs.length;
  // 264 with an overdispersion of 0.1 and a ramp to 50 %.
  expect(runs.every(({ outcome }) => outcome === 'rolled back')).toBe(true);
  expect(excess).toBeLessThan(100);
});
