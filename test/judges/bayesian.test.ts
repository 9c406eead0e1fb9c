import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/bayesian/verdict.js';
import { bayesian } from '../../src/judges/bayesian.js';
import type { Missing, Objective, Reward, Sample } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { errorRate, input, none, sample } from './threshold-input.js';

const slower: Objective = { metric: 'latency-mean', maxRatio: 1.2 };
const fast: Reward = { metric: 'latency-mean', preferredDirection: 'low' };

/** The same window again and again. */
function windows(times: number, ...entries: readonly (Sample | Missing)[]) {
  return Array.from({ length: times }, () => entries);
}

/** Twelve windows whose latencies spread by about 1 ms; `factor` times as long for the candidate. */
function latencies(factor: number): [Sample, Sample][] {
  return Array.from({ length: 12 }, (_, i) => [
    sample(900, 2, 20 + Math.sin(i)),
    sample(300, 1, factor * (20 + Math.cos(i))),
  ]);
}

/** Counts as they are, without the tempering of unknown pods. */
const exact = { history: { overdispersion: { 'error-rate': 0 } } } satisfies Partial<JudgeInput>;

describe('bayesian sentences', () => {
  const rewards = [fast];
  const generous: Objective[] = [{ metric: 'error-rate', upperLimit: 0.02 }];
  test.each<[string, JudgeInput, string, string]>([
    [
      'a winner',
      input(windows(20, sample(900, 2), sample(300, 1))),
      'pass',
      'v2 keeps everything: error-rate 0.33 % (at most 1 %: over 99.99 % sure); 6,000 requests against 18,000 of v1',
    ],
    [
      'a relative limit',
      input(latencies(1), { objectives: [slower] }),
      'pass',
      'v2 keeps everything: latency-mean 20 ms (at most 1.2 × 20 ms: over 99.99 % sure); 3,600 requests against 10,800 of v1',
    ],
    [
      'a broken limit',
      input(windows(3, sample(900, 2), sample(100, 20))),
      'fail',
      'v2 breaks error-rate 20 % (above 1 %: over 99.99 % sure); 300 requests against 2,700 of v1',
    ],
    [
      'no version that keeps them',
      input(windows(3, sample(900, 60), sample(900, 60))),
      'fail',
      'v2 breaks error-rate 6.67 % (above 1 %: over 99.99 % sure); 2,700 requests against 2,700 of v1; v1 does not keep the limits either',
    ],
    [
      'an open limit',
      input(windows(5, sample(900, 2), sample(100, 0))),
      'inconclusive',
      'v2 is not decided: error-rate 0 % (at most 1 %: 99.99 % sure); about 50 more requests would tell; 500 requests against 4,500 of v1',
    ],
    [
      'a better reward',
      input(latencies(0.9), { objectives: generous, rewards }),
      'pass',
      'v2 is the best with over 99.99 %: error-rate 0.33 % (at most 2 %: over 99.99 % sure); 3,600 requests against 10,800 of v1',
    ],
    [
      'a worse reward',
      input(latencies(1.3), { objectives: generous, rewards }),
      'marginal',
      'v1 has the better latency-mean than v2: over 99.99 % sure; 3,600 requests against 10,800 of v1',
    ],
    [
      'an equal reward',
      input(latencies(1), { objectives: generous, rewards }),
      'inconclusive',
      'v2 is not decided: its latency-mean is better than that of v1: 58.23 % sure; it is too near to tell with 100 times the requests; 3,600 requests against 10,800 of v1',
    ],
    [
      'a gauge that is too low',
      input(
        Array.from({ length: 60 }, (_, i) => [sample(900), { ...sample(900), gauges: { queue: 3 + Math.sin(i) } }]),
        { objectives: [{ metric: 'queue', lowerLimit: 9 }] },
      ),
      'fail',
      'v2 breaks queue 3.032 (below 9: over 99.99 % sure); 54,000 requests against 54,000 of v1',
    ],
    [
      'three winners, of which it takes the newest',
      input(windows(40, sample(900, 2), sample(300, 1), sample(300, 0), sample(300, 1))),
      'pass',
      'v4 is the newest that keeps everything: error-rate 0.33 % (at most 1 %: over 99.99 % sure); 12,000 requests against 36,000 of v1',
    ],
    [
      'three that break a limit, and on what that rests once',
      input(windows(3, sample(900, 2), sample(100, 20), sample(110, 22), sample(120, 24))),
      'fail',
      'v2 breaks error-rate 20 % (above 1 %: over 99.99 % sure); v3 breaks error-rate 20 % (above 1 %: over 99.99 % sure); v4 breaks error-rate 20 % (above 1 %: over 99.99 % sure); 300 requests of v2, 330 of v3, 360 of v4 against 2,700 of v1',
    ],
    [
      'one of three that breaks a limit, and whose requests show it',
      input(windows(3, sample(900, 2), sample(100, 20), sample(30), sample(30))),
      'inconclusive',
      'v2 breaks error-rate 20 % (above 1 %: over 99.99 % sure); v3 needs 10 more requests: 90 of 100; v4 needs 10 more requests: 90 of 100; 300 requests of v2 against 2,700 of v1',
    ],
    [
      'what three of them lack alike',
      input(windows(3, sample(20), sample(100), sample(100), sample(100))),
      'inconclusive',
      'v1 needs 40 more requests: 60 of 100',
    ],
    [
      'three that have no data, in one list',
      input([...windows(9, sample(900), sample(300), sample(300), sample(300)), [none, sample(300), none, none]]),
      'inconclusive',
      'no data to judge in the window until 1970-01-01T00:10:00Z: v1 has no requests, v3 has no requests, v4 has no requests',
    ],
    ['no window', input([]), 'inconclusive', 'no window has ended yet'],
    ['too few requests', input([[sample(900), sample(30)]]), 'inconclusive', 'v2 needs 70 more requests: 30 of 100'],
    [
      'no objective',
      input(windows(9, sample(900), sample(900)), {
        objectives: [],
        rewards: [{ metric: 'latency-mean', preferredDirection: 'low' }],
        comparable: false,
      }),
      'inconclusive',
      'there is no objective to judge by',
    ],
    [
      'requests that are asked for',
      input(windows(9, sample(900), sample(100)), { objectives: [{ metric: 'request-count', lowerLimit: 5000 }] }),
      'inconclusive',
      'v2 is not decided: request-count 900 (at least 5,000); 4,100 more requests are asked for; 900 requests against 8,100 of v1',
    ],
  ])('verdictOf() tells of %s', (_what, given, outcome, sentence) => {
    const verdict = verdictOf(given);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.sentence).toBe(sentence);
    expect(verdict.winner !== undefined && verdict.winner !== 'v1').toBe(outcome === 'pass');
  });
});

describe('bayesian', () => {
  test('verdictOf() gives the probability and the intervals of an objective', () => {
    const objectives = [{ metric: 'error-rate', maxRatio: 1.2 }];
    const verdict = verdictOf(input(windows(1, sample(2000, 20), sample(1000, 12)), { objectives, ...exact }));
    const [found] = verdict.standings[0]?.assessments ?? [];
    // scipy 1.17.1: P(Beta(12.1, 988.1) ≤ 1.2·Beta(20.1, 1980.1)) by integrate.quad.
    expect(found?.probability).toBeCloseTo(0.5082915579226679, 8);
    expect(found).toMatchObject({ classification: 'pass', value: 0.012, baseline: 0.01, limit: 0.012 });
    expect(found?.ratio?.[0]).toBeLessThan(1.2);
    expect(found?.ratio?.[1]).toBeGreaterThan(1.2);
    expect(verdict.ranks?.v2?.[0]).toBeCloseTo(found?.probability ?? 0, 12);
  });

  test('verdictOf() ranks three versions as Iter8 does: the latest that keeps its limits, the baseline last', () => {
    const verdict = verdictOf(input(windows(20, sample(900, 2), sample(300, 1), sample(300, 30))));
    expect(verdict).toMatchObject({ outcome: 'pass', winner: 'v2', ranks: { v3: [0, 0, 1] } });
    expect(verdict.standings.map(({ outcome }) => outcome)).toEqual(['pass', 'fail']);
  });

  test('verdictOf() says of one that is not chosen for what, and its own requests in the sentence of each', () => {
    const three = input(windows(40, sample(900, 2), sample(300, 1), sample(300, 0)));
    expect(verdictOf(three).standings[0]).toMatchObject({
      outcome: 'marginal',
      sentence: 'v2 is not the newest that keeps everything: v3 is',
    });
    const broken = verdictOf(input(windows(3, sample(900, 2), sample(100, 20), sample(110, 22))));
    expect(broken.standings.map(({ sentence }) => sentence.replace(/^.*; /, ''))).toEqual([
      '300 requests against 2,700 of v1',
      '330 requests against 2,700 of v1',
    ]);
  });

  test('verdictOf() names no winner while another candidate has no data', () => {
    const verdict = verdictOf(input(windows(20, sample(900, 2), sample(300, 1), none)));
    expect(verdict).toMatchObject({ outcome: 'inconclusive', winner: undefined });
    expect(verdict.standings[1]?.sentence).toContain('v3 has no requests');
  });

  test('verdictOf() names the baseline as the winner where it is known to be better, and is then marginal', () => {
    const given = input(latencies(1.3), { objectives: [{ metric: 'error-rate', upperLimit: 0.02 }], rewards: [fast] });
    expect(verdictOf(given)).toMatchObject({ outcome: 'marginal', winner: 'v1' });
  });

  test('verdictOf() passes nothing when the newest window lacks data', () => {
    const given = [...windows(20, sample(900, 2), sample(300, 1)), [sample(900, 2), none]];
    expect(verdictOf(input(given)).outcome).toBe('inconclusive');
  });

  test('verdictOf() passes nobody because every latency is 0 or a gauge stands still', () => {
    const latency = input(windows(20, sample(900, 0, 0), sample(900, 0, 0)), {
      objectives: [{ metric: 'latency-mean', upperLimit: 5 }],
    });
    const still = { ...sample(900), gauges: { queue: 3 } };
    const queue = input(windows(20, still, still), { objectives: [{ metric: 'queue', upperLimit: 5 }] });
    for (const given of [latency, queue]) {
      expect(verdictOf(given)).toMatchObject({ outcome: 'inconclusive', winner: undefined });
      expect(verdictOf(given).standings[0]?.assessments[0]?.classification).toBe('nodata');
    }
  });

  test.each([
    ['more errors than requests', sample(10, 20)],
    ['negative errors', sample(10, -1)],
    ['errors that are no number', sample(10, Number.NaN)],
  ])('verdictOf() refuses %s', (_what, wrong) => {
    expect(() => verdictOf(input(windows(9, sample(900), wrong)))).toThrow('Cannot judge v2 in the window');
  });

  test('verdictOf() holds a candidate to absolute limits where versions are not comparable, without the baseline', () => {
    const more = { comparable: false, rewards: [fast] };
    expect(verdictOf(input(windows(20, none, sample(300, 1)), more))).toMatchObject({ winner: 'v2' });
    expect(verdictOf(input(windows(20, none, sample(300, 30)), more)).outcome).toBe('fail');
  });

  test('verdictOf() does not blame a candidate for what all had while its share was large', () => {
    const quiet = windows(30, sample(1980, 2), sample(20, 0));
    const stormy = windows(30, sample(1000, 50), sample(1000, 50));
    const objectives = [{ metric: 'error-rate', maxRatio: 1.5 }];
    const [found] = verdictOf(input([...quiet, ...stormy], { objectives })).standings[0]?.assessments ?? [];
    expect((found?.value ?? 0) / (found?.baseline ?? 1)).toBeCloseTo(1, 1);
  });

  test('verdictOf() does not take slow hours that all versions share for doubt', () => {
    const slow = Array.from({ length: 40 }, (_, i) => {
      const hour = 20 * (1 + 0.5 * Math.sin(i / 6));
      return [sample(900, 2, hour), sample(900, 1, 1.3 * hour * (1 + 0.02 * Math.cos(5 * i)))] as const;
    });
    expect(verdictOf(input(slow, { objectives: [slower] })).outcome).toBe('fail');
  });

  test('verdictOf() does not fail a candidate whose gauge stands still, nor one whose reward cannot be told', () => {
    const moving = Array.from({ length: 20 }, (_, i) => [
      { ...sample(900), gauges: { queue: 5 + Math.sin(i) } },
      { ...sample(900), gauges: { queue: 3 } },
    ]);
    const queue: Objective = { metric: 'queue', upperLimit: 5, maxRatio: 2 };
    expect(verdictOf(input(moving, { objectives: [queue] })).outcome).toBe('inconclusive');
    const still = windows(20, sample(900, 1), sample(900, 1));
    const rewards: Reward[] = [{ metric: 'queue', preferredDirection: 'high' }];
    const verdict = verdictOf(input(still, { rewards }));
    expect(verdict).toMatchObject({ outcome: 'inconclusive', ranks: undefined });
    expect(verdict.sentence).toBe('the windows do not tell how exact queue is');
  });

  test('verdictOf() conclusions need more than the plain probability: it is looked at every window', () => {
    const given = input(windows(5, sample(900, 2), sample(100, 0)), exact);
    const verdict = verdictOf(given);
    expect(verdict.ranks?.v2?.[0]).toBeGreaterThan(0.99);
    expect(verdict.outcome).toBe('inconclusive');
  });

  test('verdictOf() takes its settings', () => {
    const given = input(windows(5, sample(900, 2), sample(100, 0)), exact);
    expect(verdictOf({ ...given, settings: { bayesian: { winner: 0.8 } } }).outcome).toBe('pass');
    const bad = input(windows(3, sample(900, 2), sample(100, 20)));
    expect(verdictOf({ ...bad, settings: { bayesian: { feasible: 0 } } }).outcome).toBe('inconclusive');
  });

  test.each<[string, Objective, boolean, string | undefined]>([
    ['an absolute limit', errorRate, false, undefined],
    ['a relative limit', slower, true, undefined],
    ['a relative limit on other people', slower, false, 'compares with a baseline that serves other people'],
    ['no limit', { metric: 'error-rate' }, true, 'has no limit'],
    [
      'a percentile',
      { metric: 'latency-p95', upperLimit: 9 },
      true,
      'is a percentile, of which bayesian knows no posterior',
    ],
    [
      'a ratio of counts',
      { metric: 'request-count', maxRatio: 2 },
      true,
      'compares counts of requests, which follow from the weights',
    ],
    [
      'a margin',
      { metric: 'error-rate', harm: { ratio: 1, difference: 0 } },
      true,
      'has a margin, and bayesian knows limits only',
    ],
  ])('refuses() knows what to do with %s', (_what, objective, comparable, message) => {
    expect(bayesian.refuses(objective, { comparable })?.message).toBe(message);
  });

  test('contradictions() names a reward that it can never compare', () => {
    const rewards = ['latency-mean', 'latency-p95', 'request-count'].map((metric) => {
      return { metric, preferredDirection: 'low' } as const;
    });
    const analysis = {
      interval: 60,
      minDuration: 0,
      maxDuration: 3600,
      judge: 'bayesian',
      minRequests: 1,
      settings: {},
    };
    expect(bayesian.contradictions({ ...analysis, objectives: [], rewards })).toMatchObject([
      { path: ['rewards', 1, 'metric'], message: 'is latency-p95, of which bayesian knows no posterior' },
      { path: ['rewards', 2, 'metric'], message: 'is request-count, of which bayesian knows no posterior' },
    ]);
  });
});
