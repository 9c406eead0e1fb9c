import { describe, expect, test } from 'vitest';
import { loadProject } from '../../src/values/project.js';
import { loadedOf, refusalsOf, twoVersions } from '../release-of.js';

function withRollout(rollout: string, { strategy = 'blue-green', analysis = '' } = {}): string {
  return `${twoVersions('istio', strategy)}analysis:
  interval: 60s
  objectives: [{metric: error-rate, upperLimit: 0.01}]
${analysis}rollout: ${rollout}
`;
}

describe('rollout', () => {
  test('is resolved with its durations in seconds', () => {
    const text = withRollout(
      '{rollbackWindow: 1h, cleanup: true, onNoData: {hold: 10m, then: ask}, onMetricsDown: {hold: 1h, then: rollback}, schedule: {hold: ["* * * * 6,0"]}}',
    );
    expect(loadedOf(text).release.rollout).toMatchObject({
      rollbackWindow: 3600,
      cleanup: true,
      onNoData: Object.fromEntries([
        ['hold', 600],
        ['then', 'ask'],
      ]),
      onMetricsDown: Object.fromEntries([
        ['hold', 3600],
        ['then', 'rollback'],
      ]),
      schedule: { hold: ['* * * * 6,0'], timeZone: 'UTC' },
    });
    expect(loadedOf(withRollout('{rollbackWindow: 0s}')).release.rollout?.rollbackWindow).toBe(0);
  });

  test.each([
    ['{rollbackWindow: soon}', /^rollout\.rollbackWindow "soon" is no duration/],
    ['{onNoData: {hold: 10m}}', /^rollout\.onNoData\.then is missing/],
    ['{onNoData: {hold: 4h, then: hold}}', /^rollout\.onNoData\.hold is 4h, above maxDuration, which is 3h$/],
    ['{schedule: {hold: ["* * *"]}}', /^rollout\.schedule\.hold\[0\] ".*" is no cron expression of five fields/],
    ['{schedule: {hold: ["* * * * * *"]}}', /^rollout\.schedule\.hold\[0\] ".*" is no cron expression of five fields/],
    [
      '{schedule: {hold: ["* * * * 6"], timeZone: Mars/Base}}',
      /^rollout\.schedule\.timeZone "Mars\/Base" is no time zone/,
    ],
    ['{override: {action: stop}}', /^rollout\.override\.action "stop" is no wish that is known/],
    ['{override: {action: pause, split: {v2: 5}}}', /^rollout\.override\.split has no effect with the action pause$/],
    ['{override: {action: terminate, split: {v9: 5}}}', /^rollout\.override\.split\.v9 is no version$/],
    ['{override: {action: terminate, split: {v1: 80, v2: 30}}}', /^rollout\.override\.split is 110 % together$/],
    ['{override: {action: terminate, split: {v2: 5.5}}}', /^rollout\.override\.split\.v2 5\.5 is no percent/],
  ])('%s is refused', (rollout, message) => {
    const found = refusalsOf(withRollout(rollout));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test('refuses a split that pods cannot make', () => {
    const pods = withRollout('{policy: steps, steps: [50], override: {action: terminate, split: {v2: 3}}}')
      .replace('environment: istio', 'environment: kubernetes')
      .replace('application:', 'application:\n  replicas: 10');
    expect(refusalsOf(pods)).toEqual([
      'rollout.override.split is one at which application.versions[1].weight is 3 of 100, which is no pod of 10',
    ]);
    expect(refusalsOf(pods.replace('v2: 3}', 'v2: 30}'))).toEqual([]);
    expect(refusalsOf(pods.replace('v2: 3}', 'v2: 100}'))).toEqual([]);
  });

  test('takes a split that leaves the primary some, all of it, and one that names it', () => {
    expect(refusalsOf(withRollout('{override: {action: terminate, split: {v2: 99}}}'))).toEqual([]);
    expect(refusalsOf(withRollout('{override: {action: terminate, split: {v2: 100}}}'))).toEqual([]);
    expect(refusalsOf(withRollout('{override: {action: terminate, split: {v1: 70, v2: 30}}}'))).toEqual([]);
    const canary = withRollout('{override: {action: terminate, split: {v2: 5}}}', { strategy: 'canary' });
    expect(refusalsOf(canary.replace('    weight: 10\n', ''))).toEqual([
      'rollout.override.split has shares, but canary sends a request by its match or not at all',
    ]);
  });
});

describe('schedule of sluice.yaml', () => {
  test('is held to the same, and is in UTC unless it says more', () => {
    const { schedule } = loadProject('schedule: {hold: ["* * 24-26 12 *"]}\n', 'sluice.yaml');
    expect(schedule).toEqual({ hold: ['* * 24-26 12 *'], timeZone: 'UTC' });
    expect(() => loadProject('schedule: {hold: [weekends]}\n', 'sluice.yaml')).toThrow('is no cron expression');
  });
});

describe('analysis.minDuration', () => {
  const durationsOf = (analysis: string, rollout = '{}') => {
    const { minDuration, maxDuration } = loadedOf(withRollout(rollout, { analysis })).release.analysis ?? {};
    return { minDuration, maxDuration };
  };

  test('is an hour, but never more than what is written as the most, and what is written itself', () => {
    expect(durationsOf('')).toEqual({ minDuration: 3600, maxDuration: 10_800 });
    expect(durationsOf('  maxDuration: 4h\n')).toEqual({ minDuration: 3600, maxDuration: 14_400 });
    expect(durationsOf('  maxDuration: 40m\n')).toEqual({ minDuration: 2400, maxDuration: 2400 });
    expect(durationsOf('  maxIterations: 20\n')).toEqual({ minDuration: 1200, maxDuration: 1200 });
    expect(durationsOf('  minDuration: 15m\n')).toEqual({ minDuration: 900, maxDuration: 10_800 });
  });

  test('is none with steps, which have durations of their own', () => {
    expect(durationsOf('', '{policy: steps, steps: [5]}').minDuration).toBe(0);
  });
});

describe('analysis.maxIterations', () => {
  test('is maxDuration in intervals', () => {
    const { analysis } = loadedOf(withRollout('{}', { analysis: '  maxIterations: 90\n' })).release;
    expect(analysis?.maxDuration).toBe(5400);
  });

  test('is refused beside maxDuration, and where another duration is longer', () => {
    const both = withRollout('{}', { analysis: '  maxIterations: 90\n  maxDuration: 2h\n' });
    expect(refusalsOf(both)).toEqual(['analysis.maxIterations is 90, beside maxDuration, which is 2h']);
    const short = withRollout('{}', { analysis: '  maxIterations: 2\n  minDuration: 15m\n' });
    expect(refusalsOf(short)).toEqual(['analysis.minDuration is 15m, above maxIterations, which is 2 × 60s']);
  });
});
