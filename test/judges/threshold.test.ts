import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/threshold/verdict.js';
import type { Missing, Objective } from '../../src/release/evaluation.js';
import { errorRate, input, sample } from './threshold-input.js';

describe('threshold', () => {
  test('verdictOf() passes a candidate within its limits and says what was compared', () => {
    const verdict = verdictOf(input([[sample(1900, 2), sample(100, 1)]]));
    expect(verdict.outcome).toBe('pass');
    expect(verdict.sentence).toBe('v2 keeps error-rate 1 % (limit 1 %); 100 requests against 1,900 of v1');
  });

  test('verdictOf() fails a candidate above its limit, and names every broken one', () => {
    const objectives: Objective[] = [errorRate, { metric: 'latency-mean', maxRatio: 1.2 }];
    const verdict = verdictOf(input([[sample(1900, 2), sample(100, 5, 30)]], { objectives }));
    expect(verdict.outcome).toBe('fail');
    expect(verdict.standings[0]?.assessments.map(({ classification }) => classification)).toEqual(['high', 'high']);
    expect(verdict.sentence).toBe(
      'v2 breaks error-rate 5 % (at most 1 %) and latency-mean 30 ms (at most 24 ms); 100 requests against 1,900 of v1',
    );
  });

  test('verdictOf() classifies a value below its lower limit as low', () => {
    const objectives: Objective[] = [{ metric: 'request-count', lowerLimit: 500 }];
    const verdict = verdictOf(input([[sample(1900), sample(100)]], { objectives }));
    expect(verdict.standings[0]?.assessments[0]).toMatchObject({ classification: 'low', value: 100, limit: 500 });
  });

  test('verdictOf() takes the stricter of an absolute and a relative limit', () => {
    const objectives: Objective[] = [{ metric: 'latency-mean', upperLimit: 100, maxRatio: 1.2 }];
    const verdict = verdictOf(input([[sample(1900), sample(100, 0, 50)]], { objectives }));
    expect(verdict.standings[0]?.assessments[0]).toMatchObject({ classification: 'high', limit: 24 });
  });

  test('verdictOf() takes a limit as kept that is met exactly, and as broken with one error more', () => {
    const ratios = [1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.7, 1.9, 2.3];
    const met = [1000, 1700, 3300, 5000, 7000, 9000, 10_000].flatMap((errors) =>
      ratios.flatMap((maxRatio) => {
        const candidate = Math.round(errors * maxRatio * 100) / 100;
        return Number.isInteger(candidate) ? [{ errors, candidate, maxRatio }] : [];
      }),
    );
    const outcomeOf = (maxRatio: number, errors: number, candidate: number): string => {
      const windows = [[sample(100_000, errors), sample(100_000, candidate)]];
      return verdictOf(input(windows, { objectives: [{ metric: 'error-rate', maxRatio }] })).outcome;
    };
    expect(met.filter(({ errors, candidate, maxRatio }) => maxRatio * (errors / 1e5) < candidate / 1e5)).not.toEqual(
      [],
    );
    for (const { errors, candidate, maxRatio } of met) {
      expect(outcomeOf(maxRatio, errors, candidate)).toBe('pass');
      expect(outcomeOf(maxRatio, errors, candidate + 1)).toBe('fail');
    }
  });

  test.each([0.7, 0.85, 0.9, 0.95])('verdictOf() takes a minRatio of %d the same way', (minRatio) => {
    const outcomeOf = (candidate: number): string => {
      const windows = [[sample(100_000, 0, 60), sample(100_000, 0, candidate)]];
      return verdictOf(input(windows, { objectives: [{ metric: 'latency-mean', minRatio }] })).outcome;
    };
    expect(outcomeOf(minRatio * 60)).toBe('pass');
    expect(outcomeOf((minRatio * 60 * 3) / 3 - 1e-14)).toBe('pass');
    expect(outcomeOf(minRatio * 60 - 1e-9)).toBe('fail');
  });

  test('verdictOf() shows by how little a limit is broken', () => {
    const objectives: Objective[] = [{ metric: 'error-rate', maxRatio: 1.4 }];
    const { sentence } = verdictOf(input([[sample(100_000, 5000), sample(100_000, 7001)]], { objectives }));
    expect(sentence).toBe('v2 breaks error-rate 7.001 % (at most 7 %); 100,000 requests against 100,000 of v1');
  });

  test('verdictOf() says how many more requests a conclusion takes', () => {
    const verdict = verdictOf(input([[sample(1900), sample(63, 60)]]));
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.sentence).toBe('v2 needs 37 more requests: 63 of 100');
  });

  test.each([
    ['no window', [], 'no window has ended yet'],
    ['no candidate', [[sample(500), { missing: 'no requests' }]], 'v2 has no requests'],
    ['no baseline', [[{ missing: 'NaN for errors' }, sample(500)]], 'v1 has NaN for errors'],
  ] as const)('verdictOf() is inconclusive with %s and says what is missing', (_what, windows, reason) => {
    const verdict = verdictOf(input(windows));
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.sentence).toContain(reason);
    expect(verdict.standings[0]?.assessments.map(({ classification }) => classification)).toEqual(['nodata']);
  });

  test('verdictOf() passes nothing when the newest window lacks data, however good the older ones are', () => {
    const windows = [[sample(900), sample(900)] as const, [sample(900), { missing: 'no requests' }] as const];
    expect(verdictOf(input(windows)).outcome).toBe('inconclusive');
  });

  test('verdictOf() fails on the windows with data although the newest lacks it: a dead candidate stays bad', () => {
    const windows = [[sample(900), sample(900, 90)] as const, [sample(900), { missing: 'no requests' }] as const];
    expect(verdictOf(input(windows)).outcome).toBe('fail');
  });

  test('verdictOf() fails on a bad present that a long good past would hide', () => {
    const good = Array.from({ length: 59 }, () => [sample(900), sample(900)] as const);
    const verdict = verdictOf(input([...good, [sample(900), sample(900, 90)]]));
    expect(verdict.outcome).toBe('fail');
    expect(verdict.sentence).toBe('v2 breaks error-rate 10 % (at most 1 %); 900 requests against 900 of v1');
  });

  test('verdictOf() looks as far back as both versions need for enough requests', () => {
    const good = Array.from({ length: 59 }, () => [sample(900), sample(900)] as const);
    const bad = [sample(50), sample(100, 5)] as const;
    expect(verdictOf(input([...good, bad, bad])).sentence).toBe(
      'v2 breaks error-rate 5 % (at most 1 %); 200 requests against 100 of v1',
    );
  });

  test('verdictOf() holds a candidate that has all the traffic to its absolute limits', () => {
    const verdict = verdictOf(input([[{ missing: 'no requests' }, sample(900, 900)]]));
    expect(verdict.outcome).toBe('fail');
    expect(verdict.sentence).toBe('v2 breaks error-rate 100 % (at most 1 %); 900 requests');
  });

  test('verdictOf() counts a baseline without errors as one with a single error', () => {
    const objectives: Objective[] = [{ metric: 'error-rate', maxRatio: 1.5 }];
    expect(verdictOf(input([[sample(1000), sample(1000, 1)]], { objectives })).outcome).toBe('pass');
    expect(verdictOf(input([[sample(1000), sample(1000, 2)]], { objectives })).outcome).toBe('fail');
  });

  test('verdictOf() says what it measured so far while it waits for more requests', () => {
    const verdict = verdictOf(input([[sample(1900), sample(63, 60)]]));
    expect(verdict.standings[0]?.assessments).toMatchObject([{ classification: 'high', value: 60 / 63 }]);
  });

  test('verdictOf() never passes without data of both versions', () => {
    const entry = fc.oneof(
      fc.constant<Missing>({ missing: 'no requests' }),
      fc.nat({ max: 500 }).map((n) => sample(n + 1, Math.min(n, 3))),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, entry), { maxLength: 5 }), (windows) => {
        const { outcome } = verdictOf(input(windows));
        const [v1, v2] = windows.at(-1) ?? [{ missing: '' }, { missing: '' }];
        if ('missing' in v1 || 'missing' in v2) expect(outcome).not.toBe('pass');
      }),
    );
  });
});
