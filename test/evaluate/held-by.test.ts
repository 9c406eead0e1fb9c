import { describe, expect, test } from 'vitest';
import { heldBy } from '../../src/evaluate/held-by.js';
import type { Rollout } from '../../src/release/policy.js';

const rollout: Rollout = { policy: 'risk-budget', steps: [], onTermination: 'to-winner', onInconclusive: 'hold' };
const paused: Rollout = { ...rollout, override: { action: 'pause', by: 'Ada', reason: 'slow' } };
const now = Date.parse('2026-12-24T12:00:00Z') / 1000;

describe('heldBy()', () => {
  test('returns nothing where nobody holds anything', () => {
    expect(heldBy(rollout, undefined, now)).toBeUndefined();
  });

  test('says who paused the release, and why', () => {
    expect(heldBy(paused, undefined, now)).toBe('paused by Ada: slow');
    expect(heldBy({ ...rollout, override: { action: 'pause' } }, undefined, now)).toBe('paused');
  });

  test('says until when everything is frozen, and before that why the release is paused', () => {
    const freeze = { until: '2026-12-27T08:00:00+01:00', reason: 'holidays' };
    expect(heldBy(rollout, freeze, now)).toBe('everything is frozen until 2026-12-27T08:00:00+01:00: holidays');
    expect(heldBy(paused, {}, now)).toBe('everything is frozen; paused by Ada: slow');
  });

  test('takes a freeze for none from its end on, whatever the time zone', () => {
    expect(heldBy(rollout, { until: '2026-12-24T13:00:00+01:00' }, now)).toBeUndefined();
    expect(heldBy(rollout, { until: '2026-12-24T13:00:01+01:00' }, now)).toContain('frozen');
  });

  test('breaks no line for what stands in a file', () => {
    const override = { action: 'pause', by: 'A\u001b[31m', reason: 'one\ntwo' } as const;
    expect(heldBy({ ...rollout, override }, undefined, now)).toBe('paused by A [31m: one two');
  });
});
