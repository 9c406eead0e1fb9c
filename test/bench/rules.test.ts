import { describe, expect, test } from 'vitest';
import { cells } from '../../bench/decisions/cells.js';
import { argoRollouts } from '../../bench/decisions/rules/argo-rollouts.js';
import { flagger, flaggerTuned } from '../../bench/decisions/rules/flagger.js';
import { iter8v1 } from '../../bench/decisions/rules/iter8-v1.js';
import { iter8v2 } from '../../bench/decisions/rules/iter8-v2.js';
import { kayenta, kayentaHourly } from '../../bench/decisions/rules/kayenta.js';
import { ordinaryLimits } from '../../bench/decisions/rules/ordinary-limits.js';
import { rules } from '../../bench/decisions/rules/registry.js';
import type { Scenario } from '../../src/simulate/scenario.js';
import { playedBy, times } from './windows.js';

const scenario = cells[0]?.scenario as Scenario;
const bad = { errors: 11 };

describe('the rule of Flagger', () => {
  test('goes up by 10 % a minute and promotes after the check at 50 %', () => {
    expect(playedBy(flagger.player(), times(9))).toEqual({
      shares: [10, 20, 30, 40, 50, 100],
      outcome: 'promoted',
      minutes: 5,
    });
  });

  test('keeps its weight at a failed check, and rolls back a minute after the fifth', () => {
    const { shares, outcome } = playedBy(flagger.player(), [{}, ...times(9, bad)]);
    expect(shares).toEqual([10, 20, 20, 20, 20, 20, 20, 0]);
    expect(outcome).toBe('rolled back');
  });

  test('counts failed checks of the whole release, however many are good between them', () => {
    const minutes = [bad, {}, bad, {}, bad, bad, {}, bad, {}];
    expect(playedBy(flagger.player(), minutes)).toMatchObject({ outcome: 'rolled back', minutes: 9 });
    expect(playedBy(flagger.player(), minutes.slice(1))).toMatchObject({ outcome: undefined });
  });

  test.each([
    ['99 % success is enough', { errors: 10 }, 20],
    ['less is not', { errors: 11 }, 10],
    ['a p99 within 500 ms is enough', { latency: 400 }, 20],
    ['more is not', { latency: 600 }, 10],
    ['no traffic is a failed check', { requests: 0 }, 10],
  ])('%s', (_, minute, share) => {
    expect(playedBy(flagger.player(), [minute]).shares).toEqual([10, share]);
  });

  test('tuned, rolls back a minute after the third failed check', () => {
    const many = { ...scenario, traffic: { shape: 'flat', rate: 500 } } as const;
    expect(playedBy(flaggerTuned.player(many), times(9, bad)).shares).toEqual([5, 5, 5, 5, 0]);
  });
});

describe('the rule of Argo Rollouts', () => {
  test('takes ten minutes for each of its steps', () => {
    const { shares, outcome, minutes } = playedBy(argoRollouts.player(), times(50));
    expect([shares[9], shares[10], shares[20], shares[30], shares[39]]).toEqual([20, 40, 60, 80, 80]);
    expect({ outcome, minutes }).toEqual({ outcome: 'promoted', minutes: 40 });
  });

  test('aborts with the fourth failed measurement, the first of which is at 40 %', () => {
    expect(playedBy(argoRollouts.player(), times(50, { errors: 60 }))).toMatchObject({
      outcome: 'rolled back',
      minutes: 25,
    });
  });

  test('measures every five minutes, and sees nothing between', () => {
    const minutes = times(50, { errors: 60 }).map((minute, i) => ((i + 1) % 5 === 0 ? {} : minute));
    expect(playedBy(argoRollouts.player(), minutes).outcome).toBe('promoted');
    expect(playedBy(argoRollouts.player(), times(50, { errors: 50 })).outcome).toBe('promoted');
  });
});

describe('the rules of Kayenta', () => {
  test.each([
    ['as good', { errors: 4 }, 'promoted'],
    ['worse', { errors: 9 }, 'rolled back'],
    ['slower', { errors: 4, latency: 120 }, 'rolled back'],
  ])('one look after an hour at 10 %%: %s', (_, minute, outcome) => {
    const played = playedBy(kayenta.player(), times(70, minute));
    expect(played).toMatchObject({ outcome, minutes: 60 });
    expect(played.shares[59]).toBe(10);
  });

  test('hourly fails with any hour, and passes after three', () => {
    const hour = times(60, { errors: 4 });
    expect(playedBy(kayentaHourly.player(), [...hour, ...times(60, bad)])).toMatchObject({
      outcome: 'rolled back',
      minutes: 120,
    });
    expect(playedBy(kayentaHourly.player(), [...hour, ...hour, ...hour])).toMatchObject({
      outcome: 'promoted',
      minutes: 180,
    });
  });
});

describe('the rules of Iter8', () => {
  test('v1 moves by at most 4 % a minute and decides after fifty', () => {
    const minutes = times(60, { errors: 4 });
    const good = playedBy(
      iter8v1.player(),
      minutes.map((minute, i) => ({ ...minute, latency: 60 + (i % 3) })),
    );
    expect(good.shares.slice(0, 4)).toEqual([4, 8, 12, 16]);
    expect(good).toMatchObject({ outcome: 'promoted', minutes: 50 });
    const broken = playedBy(iter8v1.player(), times(60, { errors: 100 }));
    expect(Math.max(...broken.shares.slice(2))).toBeLessThanOrEqual(10);
    expect(broken).toMatchObject({ outcome: 'rolled back', minutes: 50 });
  });

  test('v2 decides after five minutes by the mean of all requests so far', () => {
    expect(playedBy(iter8v2.player(), times(9))).toEqual({
      shares: [5, 35, 65, 95, 95, 100],
      outcome: 'promoted',
      minutes: 5,
    });
    expect(playedBy(iter8v2.player(), [...times(4), { errors: 50 }]).outcome).toBe('promoted');
    expect(playedBy(iter8v2.player(), [...times(4), { errors: 51 }]).outcome).toBe('rolled back');
    expect(playedBy(iter8v2.player(), times(5, bad)).shares).toEqual([5, 5, 5, 5, 5, 0]);
    expect(playedBy(iter8v2.player(), times(5, { latency: 76 })).outcome).toBe('rolled back');
  });
});

test('every rule says what it does, and all but ours where that is written', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id, text, source } of rules) {
    expect(text).not.toBe('');
    expect(source === undefined).toBe(id === 'sluice');
    // A tuned one says of which rule it is a variant.
    if (source === undefined || id.endsWith('-tuned')) continue;
    expect(source).toMatch(
      /\]\(https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/blob\/[0-9a-f]{40}\/\S+\) of \S+ at [0-9a-f]{7}/,
    );
  }
});

describe('ordinaryLimits()', () => {
  test('lie beside what is ordinary, and the nearer the more requests there are', () => {
    const at = (rate: number) => ordinaryLimits({ ...scenario, traffic: { shape: 'flat', rate } }, 5, 0.95);
    const [few, many] = [at(1), at(500)];
    expect(few.success).toBeLessThan(0.95);
    expect(many.success).toBeGreaterThan(0.99);
    expect(many.success).toBeLessThan(0.995);
    expect(many.duration).toBeGreaterThan(180);
    expect(many.duration).toBeLessThan(210);
    expect(few.duration).toBeGreaterThan(300);
  });
});
