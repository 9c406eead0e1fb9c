import { describe, expect, test } from 'vitest';
import { heldBy } from '../../src/evaluate/held-by.js';
import type { Rollout } from '../../src/release/policy.js';

const rollout: Rollout = { policy: 'risk-budget', steps: [], onTermination: 'to-winner', onInconclusive: 'hold' };
const paused: Rollout = { ...rollout, override: { action: 'pause', by: 'Ada', reason: 'slow' } };
const now = Date.parse('2026-12-24T12:00:00Z') / 1000;

describe('heldBy()', () => {
  test('returns nothing where nobody holds anything', () => {
    expect(heldBy(rollout, {}, now)).toBeUndefined();
  });

  test('says who paused the release, and why', () => {
    expect(heldBy(paused, {}, now)).toBe('paused by Ada: slow');
    expect(heldBy({ ...rollout, override: { action: 'pause' } }, {}, now)).toBe('paused');
  });

  test('says until when everything is frozen, and before that why the release is paused', () => {
    const freeze = { until: '2026-12-27T08:00:00+01:00', reason: 'holidays' };
    expect(heldBy(rollout, { freeze }, now)).toBe('everything is frozen until 2026-12-27T08:00:00+01:00: holidays');
    expect(heldBy(paused, { freeze: {} }, now)).toBe('everything is frozen; paused by Ada: slow');
  });

  test('takes a freeze for none from its end on, whatever the time zone', () => {
    expect(heldBy(rollout, { freeze: { until: '2026-12-24T13:00:00+01:00' } }, now)).toBeUndefined();
    expect(heldBy(rollout, { freeze: { until: '2026-12-24T13:00:01+01:00' } }, now)).toContain('frozen');
  });

  test('is held by a freeze of its own until its end, beside one of everything', () => {
    const freeze = { until: '2026-12-27T08:00:00Z', by: 'Ada', reason: 'sale' };
    const words = 'frozen until 2026-12-27T08:00:00Z by Ada: sale';
    expect(heldBy({ ...rollout, freeze }, {}, now)).toBe(words);
    expect(heldBy({ ...paused, freeze }, { freeze: {} }, now)).toBe(
      `everything is frozen; ${words}; paused by Ada: slow`,
    );
    expect(heldBy({ ...rollout, freeze }, {}, Date.parse(freeze.until) / 1000)).toBeUndefined();
  });

  test('holds in the minutes of a schedule, in its time zone, whatever the second', () => {
    const schedule = { hold: ['* 17-23 * * 5', '* * * * 6,0'], timeZone: 'Europe/Berlin' };
    const at = (time: string) => heldBy({ ...rollout, schedule }, {}, Date.parse(time) / 1000);
    expect(at('2026-11-20T15:59:59Z')).toBeUndefined();
    expect(at('2026-11-20T16:00:30Z')).toBe('the schedule holds it (* 17-23 * * 5, Europe/Berlin)');
    expect(at('2026-11-21T12:00:00Z')).toBe('the schedule holds it (* * * * 6,0, Europe/Berlin)');
    expect(at('2026-11-22T22:59:59Z')).toContain('the schedule holds it');
    expect(at('2026-11-22T23:00:00Z')).toBeUndefined();
  });

  test('follows the clock of the zone when summer ends', () => {
    const schedule = { hold: ['* 3 * * *'], timeZone: 'Europe/Berlin' };
    const at = (time: string) => heldBy({ ...rollout, schedule }, {}, Date.parse(time) / 1000);
    expect([at('2026-10-24T01:30:00Z'), at('2026-10-24T02:30:00Z')]).toEqual([expect.any(String), undefined]);
    expect([at('2026-10-26T01:30:00Z'), at('2026-10-26T02:30:00Z')]).toEqual([undefined, expect.any(String)]);
  });

  test('holds by the schedule of all releases as well', () => {
    const schedule = { hold: ['* * 24-26 12 *'], timeZone: 'UTC' };
    expect(heldBy(paused, { schedule }, now)).toBe(
      'the schedule of all releases holds it (* * 24-26 12 *, UTC); paused by Ada: slow',
    );
    expect(heldBy(rollout, { schedule }, now + 3 * 86_400)).toBeUndefined();
  });

  test('is not held by a wish to go on, and by one to end', () => {
    expect(heldBy({ ...rollout, override: { action: 'resume' } }, {}, now)).toBeUndefined();
    expect(heldBy({ ...rollout, override: { action: 'terminate', by: 'Ada' } }, {}, now)).toBe('terminated by Ada');
  });

  test('breaks no line for what stands in a file', () => {
    const override = { action: 'pause', by: 'A\u001b[31m', reason: 'one\ntwo' } as const;
    expect(heldBy({ ...rollout, override }, {}, now)).toBe('paused by A [31m: one two');
  });
});
