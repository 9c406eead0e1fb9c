import { describe, expect, test } from 'vitest';
import { judges } from '../../src/judges/registry.js';
import { policies } from '../../src/policies/registry.js';
import { equal, played, playedRuns } from './scenarios.js';

const RUNS = 200;
const worse = (regression: string) => `${equal}regression: ${regression}\n`;
const at = (rate: number, text: string) => text.replace('rate: 20', `rate: ${rate}`);

describe('simulate() with the default judge and policy', () => {
  test.each([
    ['1 request/s', at(1, equal)],
    ['20 requests/s', equal],
    ['500 requests/s', at(500, equal)],
    ['bursts', equal.replace('rate: 20', 'rate: 20, shape: bursts')],
    ['a day', equal.replace('rate: 20', 'rate: 20, shape: diurnal')],
    ['pods that differ', `${equal}pods: {errorVariation: 0.25}\n`],
  ])('rolls back at most one in a hundred equal versions: %s', async (_, text) => {
    const { rolledBack, promoted, inconclusive } = await played(text, RUNS);
    expect(rolledBack.share).toBeLessThanOrEqual(0.01);
    expect(promoted.count + inconclusive.count + rolledBack.count).toBe(RUNS);
  });

  test('promotes most of equal versions where there are requests enough', async () => {
    expect((await played(equal, RUNS)).promoted.share).toBeGreaterThan(0.8);
    expect((await played(at(500, equal), RUNS)).promoted.share).toBeGreaterThan(0.99);
  });

  test.each([1, 20, 500])('never promotes +5 pp errors at %i requests/s', async (rate) => {
    const { promoted, rolledBack } = await played(at(rate, worse('{errorRate: 0.05}')), RUNS);
    expect(promoted.count).toBe(0);
    expect(rolledBack.share).toBeGreaterThan(0.99);
  });

  test('rolls a candidate that is dead back after its first whole window, which costs two', async () => {
    const { minutes, excess } = await played(at(500, worse('{errorRate: 0.995}')), 50);
    expect(minutes).toEqual({ median: 2, p90: 2 });
    // 2 % of 30,000 requests, in the window of the entry and in the one that is judged.
    expect(excess.failures).toBeGreaterThan(1160);
    expect(excess.failures).toBeLessThan(1220);
  });

  test('rolls nothing back while it warms up, and then by the windows since', async () => {
    const text = `${at(500, worse('{errorRate: 0.995}'))}`.replace('interval: 60s', 'interval: 60s\n  warmUp: 5m');
    const { minutes, excess } = await played(text, 20);
    expect(minutes).toEqual({ median: 7, p90: 7 });
    expect(excess.failures).toBeGreaterThan(3600);
  });

  test('looks back as far as the scenario says, and judges what remains of its time', async () => {
    const text = `${at(500, equal)}`.replace(
      'objectives: [{metric: error-rate}]',
      'minDuration: 50m\n  maxDuration: 50m\n  judge: kayenta\n  kayenta: {windows: 20, pass: 95}\n  objectives: [{metric: error-rate}]',
    );
    for (const lookback of ['', 'lookback: growing', 'lookback: 30m']) {
      const { promoted, minutes } = await played(text.replace('judge:', `${lookback}\n  judge:`), 20);
      expect(promoted.share, lookback).toBeGreaterThan(0.8);
      expect(minutes?.median, lookback).toBe(50);
    }
  });

  test('takes longer, and costs more, where a decision takes minutes to be live', async () => {
    const text = worse('{errorRate: 0.05}');
    const [soon, late] = [await played(text, 50), await played(`${text}sync: 3m\n`, 50)];
    expect(late.minutes?.median).toBeGreaterThan(soon.minutes?.median ?? 0);
    expect(late.excess.failures).toBeGreaterThan(1.5 * soon.excess.failures);
    expect(late.promoted.count).toBe(0);
  });

  test('finds latencies that double by a percentile with fine buckets', async () => {
    const text = worse('{latency: 2}').replace('error-rate', 'latency-p95, maxRatio: 1.2');
    const { rolledBack, excess } = await played(`${text}baseline: {buckets: fine}\n`, 50);
    expect(rolledBack.share).toBe(1);
    expect(excess.slow).toBeGreaterThan(0);
    expect(excess.failures).toBe(0);
  });

  test('finds latencies that double by their mean', async () => {
    const text = worse('{latency: 2}').replace('error-rate', 'latency-mean, maxRatio: 1.2');
    expect((await played(text, 50)).rolledBack.share).toBe(1);
  });
});

const everyPair = Object.keys(judges).flatMap((judge) =>
  Object.keys(policies).map((policy) => [judge, policy] as const),
);

describe('simulate()', () => {
  test.each(everyPair)('plays the judge %s with the policy %s', async (judge, policy) => {
    const limit = ['threshold', 'bayesian'].includes(judge) ? 'error-rate, upperLimit: 0.04' : 'error-rate';
    const steps = policy === 'steps' ? ', steps: [5, 50]' : '';
    const text = equal.replace('  objectives', `  judge: ${judge}\n  objectives`).replace('error-rate', limit);
    const rollout = `rollout: {policy: ${policy}${steps}}\n`;
    const good = await played(`${text}${rollout}`, 5);
    expect(good.rolledBack.count).toBe(0);
    const bad = await played(`${text}${rollout}regression: {errorRate: 0.5}\n`, 5);
    expect(bad.rolledBack.count).toBe(5);
    expect(bad.excess.failures).toBeGreaterThan(10);
  });

  test('counts harm after a promotion up to maxDuration, and says what began too late to be seen', async () => {
    const text = worse('{errorRate: 0.05, onset: 30m}').replace('error-rate', 'error-rate, upperLimit: 0.04');
    const steps = text.replace('  objectives', '  judge: threshold\n  objectives');
    const { promoted, promotedBeforeOnset, excess } = await played(
      `${steps}rollout: {policy: steps, steps: [50]}\n`,
      20,
    );
    expect(promoted.share).toBe(1);
    expect(promotedBeforeOnset.count).toBe(20);
    // Two hours and a half of 20 requests a second at 5 %.
    expect(excess.failures).toBeGreaterThan(8800);
    expect(excess.failures).toBeLessThan(9200);
  });

  test('takes a promotion back in its rollback window', async () => {
    const text = worse('{errorRate: 0.2, onset: 6m}')
      .replace('error-rate', 'error-rate, upperLimit: 0.05')
      .replace('  objectives', '  judge: threshold\n  objectives');
    const rollout = 'rollout: {policy: steps, steps: [50], rollbackWindow: 20m}\n';
    const [watched, unwatched] = [
      await played(`${text}${rollout}`, 20),
      await played(`${text}${rollout.replace('20m', '0s')}`, 20),
    ];
    expect(unwatched.promoted.share).toBe(1);
    expect(watched.rolledBack.share).toBe(1);
  });

  test('is inconclusive where nothing can be shown by maxDuration', async () => {
    const { inconclusive, minutes } = await played(at(0.01, equal), 20);
    expect(inconclusive.share).toBe(1);
    expect(minutes).toBeUndefined();
  });

  test('finds the same whoever plays which runs', async () => {
    const text = `${equal}pods: {errorVariation: 0.25, latencyVariation: 0.1}\n`;
    const whole = await playedRuns(text, 30);
    const parts = [
      ...(await playedRuns(text, 7)),
      ...(await playedRuns(text, 20, 7)),
      ...(await playedRuns(text, 3, 27)),
    ];
    expect(parts).toEqual(whole);
    expect(new Set(whole.map((run) => JSON.stringify(run))).size).toBeGreaterThan(10);
  });
});
