import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/threshold/verdict.js';
import { threshold } from '../../src/judges/threshold.js';
import type { Objective } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { errorRate, gauge, input, none, sample, spread } from './threshold-input.js';

function judge(windows: Parameters<typeof input>[0], objective: Objective, more: Partial<JudgeInput> = {}) {
  const verdict = verdictOf(input(windows, { objectives: [objective], ...more }));
  return { ...verdict, found: verdict.standings[0]?.assessments[0] };
}

describe('threshold on percentiles', () => {
  const p95: Objective = { metric: 'latency-p95', upperLimit: 300 };

  test('verdictOf() estimates them from the buckets of all windows together', () => {
    const { outcome, found, sentence } = judge(
      [
        [spread(90, 10, 0), spread(80, 10, 10)],
        [spread(90, 10, 0), spread(90, 10, 0)],
      ],
      p95,
    );
    expect(found).toMatchObject({ classification: 'pass', value: 200 });
    expect(outcome).toBe('pass');
    expect(sentence).toBe('v2 keeps latency-p95 200 ms (limit 300 ms); 200 requests against 200 of v1');
  });

  test('verdictOf() fails by an estimate above the limit', () => {
    expect(judge([[spread(90, 10, 0), spread(80, 0, 20)]], p95)).toMatchObject({
      outcome: 'fail',
      found: { classification: 'high', value: 350 },
    });
  });

  test('verdictOf() names the end of the bucket where the limit lies in the one of the estimate', () => {
    const broken = judge([[spread(90, 10, 0), spread(80, 0, 20)]], p95);
    expect(broken.found).toMatchObject({ value: 350, limit: 300, resolved: { limit: 200, ratio: undefined } });
    expect(broken.sentence).toContain('latency-p95 350 ms (at most 300 ms; the buckets tell 200 ms)');
    const kept = judge([[spread(90, 10, 0), spread(80, 0, 20)]], { ...p95, upperLimit: 380 });
    expect(kept.sentence).toContain('latency-p95 350 ms (limit 380 ms; the buckets tell 400 ms)');
    const first = judge([[spread(90, 10, 0), spread(100, 0, 0)]], { ...p95, upperLimit: 50 });
    expect(first.sentence).toContain('latency-p95 95 ms (at most 50 ms; no bucket tells)');
    const known = judge([[spread(90, 10, 0), spread(80, 0, 20)]], { ...p95, upperLimit: 200 });
    expect(known.found?.resolved).toBeUndefined();
  });

  test('verdictOf() passes nothing that may lie above the largest bucket, where Prometheus answers with its bound', () => {
    const objective: Objective = { metric: 'latency-p95', upperLimit: 1000 };
    const { outcome, found, sentence } = judge([[spread(90, 10, 0), spread(90, 0, 0)]], objective);
    expect({ outcome, classification: found?.classification }).toEqual({
      outcome: 'inconclusive',
      classification: 'error',
    });
    expect(sentence).toBe('v2 has a latency-p95 above its largest bucket, which may be above the limit');
  });

  test('verdictOf() does not take the largest bucket for a value that is too low', () => {
    const objective: Objective = { metric: 'latency-p95', lowerLimit: 500 };
    expect(judge([[spread(90, 10, 0), spread(90, 0, 0)]], objective)).toMatchObject({
      outcome: 'inconclusive',
      found: { classification: 'error' },
    });
  });

  test('verdictOf() compares with nothing above the largest bucket of the baseline', () => {
    const objective: Objective = { metric: 'latency-p95', maxRatio: 1.2 };
    expect(judge([[spread(90, 0, 0), spread(100, 0, 0)]], objective).outcome).toBe('inconclusive');
    const half: Objective = { metric: 'latency-p95', maxRatio: 0.5 };
    expect(judge([[spread(90, 0, 0), spread(90, 0, 10)]], half).outcome).toBe('inconclusive');
  });

  test('verdictOf() leaves out a bound that not every window has', () => {
    const fewer = { ...sample(100), latencyBuckets: [{ upTo: 400, requests: 100 }] };
    expect(
      judge(
        [
          [spread(90, 10, 0), spread(50, 0, 50)],
          [spread(90, 10, 0), fewer],
        ],
        { metric: 'latency-p95', upperLimit: 500 },
      ).found?.value,
    ).toBe(380);
  });

  test('verdictOf() passes nothing without buckets in the newest window', () => {
    const { outcome, sentence, found } = judge(
      [
        [spread(99, 1, 0), spread(99, 1, 0)],
        [spread(99, 1, 0), sample(100)],
      ],
      p95,
    );
    expect({ outcome, sentence }).toEqual({
      outcome: 'inconclusive',
      sentence: 'v2 has no data of latency-p95 in the newest window',
    });
    expect(found?.classification).toBe('nodata');
  });
});

describe('threshold on gauges', () => {
  const queue: Objective = { metric: 'queue', upperLimit: 10 };

  test('verdictOf() takes the mean of the windows', () => {
    expect(
      judge(
        [
          [gauge(5), gauge(12)],
          [gauge(5), gauge(8)],
        ],
        queue,
      ),
    ).toMatchObject({ outcome: 'pass', found: { value: 10, baseline: 5 } });
  });

  test('verdictOf() compares the windows that both tell of', () => {
    const windows = [
      [gauge(1), gauge(1)],
      [sample(1000), gauge(100)],
      [gauge(1), gauge(1)],
    ];
    expect(judge(windows, { metric: 'queue', maxRatio: 1 }).found).toMatchObject({ classification: 'pass', value: 1 });
  });

  test('verdictOf() takes no ratio of a baseline below 0, under which even equals would fail', () => {
    const { outcome, sentence } = judge([[gauge(-5), gauge(-5)]], { metric: 'queue', maxRatio: 1.2 });
    expect({ outcome, sentence }).toEqual({
      outcome: 'inconclusive',
      sentence: "v2 cannot be compared: the baseline's queue is below 0",
    });
  });

  test('verdictOf() passes nothing that has no baseline to compare with', () => {
    const { outcome, sentence } = judge([[sample(1000), gauge(1)]], { metric: 'queue', upperLimit: 10, maxRatio: 2 });
    expect({ outcome, sentence }).toEqual({
      outcome: 'inconclusive',
      sentence: 'v2 has no baseline to compare its queue with',
    });
  });
});

describe('threshold on testers', () => {
  const testers = { comparable: false };

  test('verdictOf() counts their absolute limits only', () => {
    const objective: Objective = { metric: 'latency-mean', upperLimit: 100, maxRatio: 1.1 };
    const windows = [[sample(1000, 0, 10), sample(100, 0, 90)]];
    expect(judge(windows, objective, testers)).toMatchObject({ outcome: 'pass', found: { limit: 100 } });
    expect(judge(windows, { metric: 'latency-mean', maxRatio: 1.1 }, testers)).toMatchObject({
      outcome: 'inconclusive',
      sentence: 'v2 has no limit of latency-mean to keep',
    });
  });

  test('verdictOf() needs no baseline', () => {
    const { outcome, sentence } = judge([[none, sample(100)]], errorRate, testers);
    expect({ outcome, sentence }).toEqual({
      outcome: 'pass',
      sentence: 'v2 keeps error-rate 0 % (limit 1 %); 100 requests',
    });
  });
});

describe('threshold.refuses()', () => {
  const relative: Objective = { metric: 'error-rate', maxRatio: 1.5 };

  test.each([
    ['no limit', { metric: 'error-rate' }, true, /has no limit/],
    [
      'a ratio between testers and everybody',
      relative,
      false,
      /compares the testers of a candidate with everybody else/,
    ],
    ['a margin', { ...errorRate, harm: { ratio: 1.05, difference: 0 } }, true, /has a margin/],
  ])('refuses %s, with a hint', (_what, objective, comparable, message) => {
    const refusal = threshold.refuses(objective, { comparable });
    expect(refusal?.message).toMatch(message);
    expect(refusal?.hint).toMatch(/^Give upperLimit.*\.$/);
  });

  test.each([
    ['absolute limits of testers', { ...relative, ...errorRate }, false],
    ['relative limits of a split', relative, true],
    ['a limit of 0', { metric: 'error-rate', upperLimit: 0 }, false],
  ])('takes %s', (_what, objective, comparable) => {
    expect(threshold.refuses(objective, { comparable })).toBeUndefined();
  });
});

describe('laws of threshold', () => {
  const windows = fc.array(
    fc.record({
      requests: fc.integer({ min: 1, max: 900 }),
      errors: fc.nat({ max: 9 }),
      latency: fc.integer({ min: 1, max: 500 }),
      queue: fc.nat({ max: 50 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const objectives: Objective[] = [
    { metric: 'error-rate', maxRatio: 1 },
    { metric: 'latency-mean', maxRatio: 1, minRatio: 1 },
    { metric: 'queue', maxRatio: 1, minRatio: 0.5 },
  ];
  const modes = fc.constantFrom({}, { threshold: { windows: 'each' as const } });

  test('identical streams never fail, however strict the ratios', () => {
    fc.assert(
      fc.property(windows, modes, (given, settings) => {
        const rows = given.map(({ requests, errors, latency, queue }) => {
          const same = { ...sample(requests, Math.min(errors, requests), latency), gauges: { queue } };
          return [same, same];
        });
        expect(verdictOf(input(rows, { objectives, settings })).outcome).not.toBe('fail');
      }),
    );
  });

  test('the same data in seconds has the same verdict as in milliseconds', () => {
    const pair = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 5 }), modes, (given, settings) => {
        const outcomeIn = (unit: number) => {
          // Powers of two, so that no rounding differs.
          const rows = given.map(([a, b]) => [sample(512, 0, a * unit), sample(512, 0, b * unit)]);
          const limits: Objective[] = [{ metric: 'latency-mean', upperLimit: 256 * unit, maxRatio: 1.25 }];
          return verdictOf(input(rows, { objectives: limits, settings })).outcome;
        };
        expect(outcomeIn(1 / 1024)).toBe(outcomeIn(1));
      }),
    );
  });

  test('a pass rests on enough requests and on a value within the limit for every objective', () => {
    const entry = fc.oneof(
      fc.constant(none),
      fc.nat({ max: 300 }).map((n) => sample(n + 1, Math.min(n, 2))),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(entry, entry), { maxLength: 6 }),
        modes,
        fc.boolean(),
        (rows, settings, comparable) => {
          const { outcome, standings } = verdictOf(input(rows, { settings, comparable }));
          if (outcome !== 'pass') return;
          const had = rows.reduce((sum, [, candidate]) => sum + ('requests' in candidate ? candidate.requests : 0), 0);
          expect(had).toBeGreaterThanOrEqual(100);
          expect(standings[0]?.assessments).toMatchObject([{ classification: 'pass' }]);
          expect(standings[0]?.assessments[0]?.value).toBeLessThanOrEqual(0.01);
        },
      ),
    );
  });
});
