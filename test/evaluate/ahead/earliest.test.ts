import { describe, expect, test } from 'vitest';
import { earliestOf } from '../../../src/evaluate/ahead/earliest.js';
import { initialState } from '../../../src/evaluate/phases/state.js';
import { sceneOf } from '../../../src/evaluate/scene-of.js';
import { loadValues } from '../../../src/values/load.js';
import { release } from './release.js';

/** A multiple of a minute, and then the delay. */
const now = 1_700_000_040 + 5;

function minutesOf(
  told: Parameters<typeof release>[0],
  shares: readonly number[],
  held = (_: number): string | undefined => undefined,
) {
  const loaded = loadValues(release(told), { file: 'values.yaml', name: 'reviews', namespace: 'default' });
  const scene = sceneOf(loaded);
  if (scene === undefined) throw new Error('no analysis');
  const earliest = earliestOf({ scene, state: initialState, now, delay: 5, traffic: 1200, held });
  const minutes = (at: number | undefined) => at && (at - now) / 60;
  return {
    shares: shares.map((share) => minutes(earliest.share(share))),
    promotion: minutes(earliest.promotion),
    due: minutes(earliest.due),
  };
}

describe('earliestOf()', () => {
  test('takes a whole window for every step, and the duration of each', () => {
    const rollout = 'policy: steps, steps: [5, {weight: 20, duration: 30m}, 50]';
    // The entry is in the middle of a window, so its first whole one ends two minutes later.
    expect(minutesOf({ rollout }, [5, 20, 50])).toMatchObject({ shares: [0, 2, 33], promotion: 34 });
  });

  test('waits for new windows of every step where the judge takes no older ones', () => {
    const rollout = 'policy: steps, steps: [5, 20]';
    const told = { rollout, upperLimit: 0.01, analysis: 'judge: threshold' };
    expect(minutesOf(told, [20])).toMatchObject({ shares: [2], promotion: 4 });
  });

  test('promotes not before minDuration, and grows as the policy does', () => {
    expect(minutesOf({ analysis: 'minDuration: 20m' }, [5, 10, 20])).toMatchObject({
      shares: [2, 3, 4],
      promotion: 20,
    });
    const bayesian = { upperLimit: 0.01, analysis: 'judge: bayesian', rollout: 'policy: progressive' };
    expect(minutesOf(bayesian, [4, 10])).toMatchObject({ shares: [2, 5] });
  });

  test('tells when the time of the analysis is up', () => {
    const rollout = 'policy: steps, steps: [5]';
    expect(minutesOf({ rollout, analysis: 'maxDuration: 30m, warmUp: 10m' }, []).due).toBe(40);
    expect(minutesOf({ rollout }, [], () => 'held').due).toBeUndefined();
  });

  test('takes a pause as taken out at once', () => {
    const rollout = 'policy: steps, steps: [5, {weight: 20, pause: true}]';
    expect(minutesOf({ rollout }, [20]).promotion).toBe(3);
  });

  test('waits for a warm-up, and for a fresh baseline', () => {
    const rollout = 'policy: steps, steps: [5, 20]';
    expect(minutesOf({ rollout, analysis: 'warmUp: 10m' }, [5, 20])).toMatchObject({ shares: [0, 12] });
    expect(minutesOf({ rollout, analysis: 'baseline: fresh' }, [5, 20])).toMatchObject({ shares: [5, 7] });
  });

  test('waits while the release is held, and gives up where that does not end', () => {
    const until = now + 3600;
    const rollout = 'policy: steps, steps: [5, 20]';
    expect(minutesOf({ rollout }, [20], (at) => (at < until ? 'held' : undefined)).shares).toEqual([62]);
    expect(minutesOf({ rollout }, [20], () => 'held')).toMatchObject({ shares: [undefined], promotion: undefined });
  });
});
