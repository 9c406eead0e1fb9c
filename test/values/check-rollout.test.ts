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
    ['{onNoData: {hold: 2h, then: hold}}', /^rollout\.onNoData\.hold is 2h, above maxDuration, which is 1h$/],
    ['{schedule: {hold: ["* * *"]}}', /^rollout\.schedule\.hold\[0\] ".*" is no cron expression of five fields/],
    ['{schedule: {hold: ["* * * * * *"]}}', /^rollout\.schedule\.hold\[0\] ".*" is no cron expression of five fields/],
    [
      '{schedule: {hold: ["* * * * 6"], timeZone: Mars/Base}}',
      /^rollout\.schedule\.timeZone "Mars\/Base" is no time zone/,
    ],
    ['{override: {action: stop}}', /^rollout\.override\.action "stop" is no wish that is known/],
    ['{override: {action: pause, split: {v2: 5}}}', /^rollout\.override\.split has no effect with the action pause$/],
    ['{override: {action: terminate, split: {v9: 5}}}', /^rollout\.override\.split\.v9 is no candidate$/],
    ['{override: {action: terminate, split: {v2: 5.5}}}', /^rollout\.override\.split\.v2 5\.5 is no percent/],
  ])('%s is refused', (rollout, message) => {
    const found = refusalsOf(withRollout(rollout));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test('takes a split that leaves the primary some, and 100 for one', () => {
    expect(refusalsOf(withRollout('{override: {action: terminate, split: {v2: 99}}}'))).toEqual([]);
    expect(refusalsOf(withRollout('{override: {action: terminate, split: {v2: 100}}}'))).toEqual([]);
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
