import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/threshold/verdict.js';
import type { JudgeSettings, Missing, Sample } from '../../src/release/evaluation.js';
import { gauge, input, none, sample } from './threshold-input.js';

type Rules = Omit<NonNullable<JudgeSettings['threshold']>, 'windows'>;

const good: (Sample | Missing)[] = [sample(1000), sample(100)];
const bad: (Sample | Missing)[] = [sample(1000), sample(100, 5)];
const silent: (Sample | Missing)[] = [sample(1000), none];

function judge(windows: Parameters<typeof input>[0], rules: Rules = {}, more: Parameters<typeof input>[1] = {}) {
  return verdictOf(input(windows, { settings: { threshold: { windows: 'each', ...rules } }, ...more }));
}

describe('threshold with windows: each', () => {
  test.each<[string, Rules, (typeof good)[], string, string]>([
    [
      'passes where no window fails',
      {},
      [good, good],
      'pass',
      'v2 keeps error-rate 0 % (limit 1 %) in the newest window; 0 of 2 windows failed; 100 requests against 1,000 of v1',
    ],
    [
      'fails with the first failing window',
      {},
      [good, bad],
      'fail',
      'v2 breaks error-rate 5 % (at most 1 %); 1 of 2 windows failed, none is allowed; 100 requests against 1,000 of v1 in the newest of them',
    ],
    [
      'stays failed after better windows',
      {},
      [bad, good],
      'fail',
      'v2 breaks error-rate 5 % (at most 1 %); 1 of 2 windows failed, none is allowed; 100 requests against 1,000 of v1 in the newest of them',
    ],
    [
      "passes with as many failures as Argo's failureLimit",
      { failures: 2 },
      [bad, good, bad, good],
      'pass',
      'v2 keeps error-rate 0 % (limit 1 %) in the newest window; 2 of 4 windows failed; 100 requests against 1,000 of v1',
    ],
    [
      'fails with one more',
      { failures: 1 },
      [bad, good, bad, good],
      'fail',
      'v2 breaks error-rate 5 % (at most 1 %); 2 of 4 windows failed, 1 is allowed; 100 requests against 1,000 of v1 in the newest of them',
    ],
    [
      'waits while the newest window fails, as Flagger does',
      { failures: 2 },
      [good, bad],
      'inconclusive',
      'v2 breaks error-rate 5 % (at most 1 %) in the newest window; 1 of 2 windows failed, which is allowed',
    ],
    [
      'fails with too many in a row',
      { consecutiveFailures: 1 },
      [bad, bad, good],
      'fail',
      'v2 breaks error-rate 5 % (at most 1 %); 2 windows in a row failed, 1 is allowed; 100 requests against 1,000 of v1 in the newest of them',
    ],
    [
      'allows any number that is not in a row',
      { consecutiveFailures: 1 },
      [bad, good, bad, good, bad, good],
      'pass',
      'v2 keeps error-rate 0 % (limit 1 %) in the newest window; 3 of 6 windows failed; 100 requests against 1,000 of v1',
    ],
    [
      'holds to both, where both are given',
      { failures: 1, consecutiveFailures: 1 },
      [bad, good, bad, good],
      'fail',
      'v2 breaks error-rate 5 % (at most 1 %); 2 of 4 windows failed, 1 is allowed; 100 requests against 1,000 of v1 in the newest of them',
    ],
    [
      'lets a window without data end no row',
      { consecutiveFailures: 1 },
      [bad, silent, bad, good],
      'fail',
      'v2 breaks error-rate 5 % (at most 1 %); 2 windows in a row failed, 1 is allowed; 100 requests against 1,000 of v1 in the newest of them',
    ],
    [
      'counts no window without data',
      { failures: 0 },
      [good, silent, silent, good],
      'pass',
      'v2 keeps error-rate 0 % (limit 1 %) in the newest window; 0 of 2 windows failed; 100 requests against 1,000 of v1',
    ],
    [
      'passes nothing while the newest window is without data',
      {},
      [good, silent],
      'inconclusive',
      'no data to judge in the window until 1970-01-01T00:02:00Z: v2 has no requests',
    ],
  ])('verdictOf() %s', (_what, rules, windows, outcome, sentence) => {
    const verdict = judge(windows, rules);
    expect({ outcome: verdict.outcome, sentence: verdict.sentence }).toEqual({ outcome, sentence });
  });

  test('verdictOf() joins small windows until they hold enough requests', () => {
    const small = [sample(1000), sample(40, 1)];
    expect(judge([small, small]).sentence).toBe('v2 needs 20 more requests: 80 of 100');
    expect(judge([small, small, small, small]).sentence).toBe(
      'v2 breaks error-rate 2.5 % (at most 1 %); 1 of 1 window failed, none is allowed; 120 requests against 3,000 of v1 in the newest of them',
    );
  });

  test('verdictOf() counts a window once, however many objectives it breaks', () => {
    const objectives = [
      { metric: 'error-rate', upperLimit: 0.01 },
      { metric: 'latency-mean', maxRatio: 1.2 },
    ];
    const worse = [sample(1000), sample(100, 5, 90)];
    expect(judge([worse, good], { failures: 1 }, { objectives }).outcome).toBe('pass');
  });

  test('verdictOf() lets a window end no row that tells nothing of a metric', () => {
    const objectives = [{ metric: 'queue', upperLimit: 5 }];
    const windows = [
      [gauge(1), gauge(9)],
      [gauge(1), sample(1000)],
      [gauge(1), gauge(9)],
      [gauge(1), gauge(1)],
    ];
    expect(judge(windows, { consecutiveFailures: 1 }, { objectives }).outcome).toBe('fail');
  });

  test('verdictOf() waits for enough requests of the baseline too', () => {
    expect(judge([[sample(10), sample(100, 5)]]).sentence).toBe('v1 needs 90 more requests: 10 of 100');
  });

  test('verdictOf() joins no window of the candidate alone with later ones once it holds enough requests', () => {
    expect(
      judge([
        [none, sample(100, 2)],
        [sample(1000), sample(1000)],
      ]).outcome,
    ).toBe('fail');
  });

  test('verdictOf() counts windows of the candidate alone by its absolute limits', () => {
    expect(judge([[none, sample(100, 5)], good]).outcome).toBe('fail');
  });

  test('a fail stays one, whatever windows come', () => {
    const entry = fc.oneof(
      fc.constant(none),
      fc
        .record({ n: fc.integer({ min: 1, max: 300 }), e: fc.nat({ max: 4 }) })
        .map(({ n, e }) => sample(n, Math.min(n, e))),
    );
    const windows = fc.array(fc.tuple(entry, entry), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(windows, windows, fc.nat({ max: 3 }), (before, after, failures) => {
        if (judge(before, { failures }).outcome !== 'fail') return;
        expect(judge([...before, ...after], { failures }).outcome).toBe('fail');
      }),
    );
  });

  test('more allowed failures never make a fail', () => {
    const windows = fc.array(fc.constantFrom(good, bad, silent), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(windows, fc.nat({ max: 5 }), (given, failures) => {
        if (judge(given, { failures }).outcome === 'fail') return;
        expect(judge(given, { failures: failures + 1 }).outcome).not.toBe('fail');
      }),
    );
  });
});
