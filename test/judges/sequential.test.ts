import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/sequential/verdict.js';
import { sequential } from '../../src/judges/sequential.js';
import type { Objective } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { countEProcess } from '../../src/stats/count-e-process.js';
import { gauge, input, none, sample } from './threshold-input.js';

type Windows = Parameters<typeof input>[0];

const noWorse: Objective = { metric: 'error-rate' };
const atMostOnePercent: Objective = { metric: 'error-rate', upperLimit: 0.01 };

function judge(windows: Windows, more: Partial<JudgeInput> = {}) {
  return verdictOf(input(windows, { objectives: [noWorse], ...more }));
}

function assessmentOf(windows: Windows, more: Partial<JudgeInput> = {}) {
  return judge(windows, more).standings[0]?.assessments[0];
}

/** So many windows of the same counts, of every version [requests, errors]. */
function windows(length: number, ...versions: readonly (readonly [number, number])[]): Windows {
  return Array.from({ length }, () => versions.map(([requests, errors]) => sample(requests, errors)));
}

const good = windows(30, [1900, 10], [1000, 5]);
const bad = windows(5, [1900, 10], [100, 8]);

describe('the sentence of sequential', () => {
  test.each<[string, Windows, Partial<JudgeInput>, JudgeOutcome, string]>([
    [
      'says of a pass what was compared, how sure that is, and what is assumed',
      good,
      {},
      'pass',
      'v2 is no worse: error-rate 0.5 % against 0.53 % (0.64 to 1.4 times; at most 0.78 %); evidence 2,163 where 20 is enough; ' +
        '30,000 requests against 57,000 of v1; pods are assumed to differ little',
    ],
    [
      'says that the pods were compared',
      good,
      { history: { overdispersion: { 'error-rate': 0.02 } } },
      'pass',
      'v2 is no worse: error-rate 0.5 % against 0.53 % (0.66 to 1.3 times; at most 0.78 %); evidence 21,067 where 20 is enough; ' +
        '30,000 requests against 57,000 of v1; pods differ as measured',
    ],
    [
      'says of a fail how much worse',
      bad,
      {},
      'fail',
      'v2 is worse: error-rate 8 % against 0.53 % (7.3 to 30 times; at most 0.6 %); evidence above 1,000,000 where 100 is enough; ' +
        '500 requests against 9,500 of v1; pods are assumed to differ little',
    ],
    [
      'says how many more requests it takes',
      windows(3, [1900, 10], [100, 0]),
      { objectives: [atMostOnePercent] },
      'inconclusive',
      'v2 needs about 170 more requests to be shown no worse: error-rate 0 % against 0.53 % (at most 1 %); ' +
        'evidence 6 where 20 is enough; 300 requests against 5,700 of v1; pods are assumed to differ little',
    ],
    [
      'promises nothing where more of the same would not do',
      windows(5, [1900, 10], [100, 1]),
      {},
      'inconclusive',
      'v2 is not yet shown to be no worse: error-rate 1 % against 0.53 % (0.27 to 6.6 times; at most 0.78 %); ' +
        'evidence 0.3 where 20 is enough; 500 requests against 9,500 of v1; pods are assumed to differ little',
    ],
    [
      'tells testers by themselves',
      windows(30, [1900, 10], [100, 0]),
      { objectives: [atMostOnePercent], comparable: false },
      'pass',
      'v2 is no worse: error-rate 0 % (at most 1 %); evidence above 1,000,000 where 20 is enough; 3,000 requests; ' +
        'pods are assumed to differ little',
    ],
    [
      'tells of every objective that passes',
      Array.from({ length: 40 }, (_, t) => [sample(1900, 10, 20 + (t % 3)), sample(1000, 5, 21 + (t % 2))]),
      { objectives: [noWorse, { metric: 'latency-mean', maxRatio: 1.2 }] },
      'pass',
      'v2 is no worse: error-rate 0.5 % against 0.53 % (0.67 to 1.3 times; at most 0.78 %) and latency-mean 21.5 ms against 21 ms ' +
        '(at most 25.2 ms); evidence 43,161 where 20 is enough; 40,000 requests against 76,000 of v1; ' +
        'pods are assumed to differ little',
    ],
    [
      'blames only the metric that shows harm by itself',
      Array.from({ length: 40 }, (_, t) => [sample(1900, 10, 20 + (t % 3)), sample(1000, 5, 30 + (t % 2))]),
      { objectives: [noWorse, { metric: 'latency-mean', maxRatio: 1.2 }] },
      'fail',
      'v2 is worse: latency-mean 30.5 ms against 21 ms (at most 25.2 ms); evidence above 1,000,000 where 100 is enough; ' +
        '40,000 requests against 76,000 of v1; pods are assumed to differ little',
    ],
    [
      'counts the requests that are asked for',
      windows(3, [1900, 0], [1000, 0]),
      { objectives: [{ metric: 'request-count', lowerLimit: 5000 }] },
      'inconclusive',
      'v2 needs 2,000 more requests: 3,000 of 5,000',
    ],
    [
      'says how many requests are missing',
      windows(1, [1900, 0], [63, 0]),
      {},
      'inconclusive',
      'v2 needs 37 more requests: 63 of 100',
    ],
    [
      'says how many requests of the baseline are missing',
      windows(1, [63, 0], [1900, 0]),
      {},
      'inconclusive',
      'v1 needs 37 more requests: 63 of 100',
    ],
    [
      'says why the newest window is no evidence, however good the others are',
      [...good, [sample(1900, 10), none]],
      {},
      'inconclusive',
      'no data to judge in the window until 1970-01-01T00:31:00Z: v2 has no requests',
    ],
    [
      'says which metric nobody measured',
      good,
      { objectives: [noWorse, { metric: 'queue', maxRatio: 2 }, { metric: 'latency-p95', upperLimit: 300 }] },
      'inconclusive',
      'no window tells of queue and latency-p95 of v2',
    ],
    [
      'says that there is no objective',
      good,
      { objectives: [], rewards: [{ metric: 'cpu', preferredDirection: 'low' }] },
      'inconclusive',
      'there is no objective to judge v2 by',
    ],
    [
      'says that the split is not the declared one',
      windows(5, [1900, 0], [50, 0]),
      { declared: { since: 0, shares: { v1: 90, v2: 10 } } },
      'inconclusive',
      'v2 answers 2.56 % of the requests, while its route declares 10 %: v2 loses requests, or the commit is not in the ' +
        'cluster yet',
    ],
  ])('%s', (_, given, more, outcome, sentence) => {
    const verdict = judge(given, more);
    expect({ sentence: verdict.sentence, outcome: verdict.outcome }).toEqual({ sentence, outcome });
  });
});

type JudgeOutcome = ReturnType<typeof verdictOf>['outcome'];

describe('sequential', () => {
  test('verdictOf() gives the numbers behind a verdict', () => {
    const found = assessmentOf(bad);
    expect(found).toMatchObject({ metric: 'error-rate', classification: 'high', value: 0.08 });
    expect(found?.baseline).toBeCloseTo(10 / 1900, 12);
    expect(found?.limit).toBeCloseTo((1.05 * 10) / 1900 + 0.0005, 12);
    expect(found?.harm).toBeGreaterThan(Math.log(100));
    expect(found?.ratio?.[0]).toBeLessThan(0.08 / (10 / 1900));
    expect(found?.ratio?.[1]).toBeGreaterThan(0.08 / (10 / 1900));
    expect(found?.difference?.[0]).toBeGreaterThan(0);
  });

  test('verdictOf() fails on few requests: the dead are not exposed until they have had enough', () => {
    expect(judge(windows(1, [1000, 0], [50, 50]), { minRequests: 1000 }).outcome).toBe('fail');
  });

  test('verdictOf() remembers harm, however good the later windows are', () => {
    const recovered = [...windows(5, [1000, 5], [1000, 100]), ...windows(200, [1000, 5], [1000, 0])];
    expect(judge(recovered).outcome).toBe('fail');
    expect(assessmentOf(recovered)?.classification).toBe('high');
    expect(judge([...recovered, [sample(1000), none]]).outcome).toBe('fail');
  });

  test('verdictOf() finds a regression that begins in window 30 of 60', () => {
    const late = [...windows(30, [1000, 5], [1000, 5]), ...windows(30, [1000, 5], [1000, 25])];
    const looks = late.map((_, t) => judge(late.slice(0, t + 1), { objectives: [{ ...noWorse }] }).outcome);
    const failed = looks.indexOf('fail');
    expect(failed).toBeGreaterThanOrEqual(30);
    expect(failed).toBeLessThanOrEqual(35);
    expect(looks.slice(failed).every((outcome) => outcome === 'fail')).toBe(true);
  });

  test('verdictOf() adds up harm that no metric shows alone, and blames none', () => {
    const objectives: Objective[] = [noWorse, { metric: 'error-rate', maxRatio: 1.1 }];
    const given = windows(5, [1000, 10], [1000, 25]);
    const [standing] = judge(given, { objectives }).standings;
    for (const { harm, classification } of standing?.assessments ?? []) {
      expect(Math.exp(harm ?? 0)).toBeGreaterThan(100);
      expect(Math.exp(harm ?? 0)).toBeLessThan(200);
      expect(classification).toBe('nodata');
    }
    expect(standing?.outcome).toBe('fail');
    expect(standing?.sentence).toContain('evidence 163 where 100 is enough');
    const withAnother = [...objectives, { metric: 'request-share-of-nobody', upperLimit: 1 }];
    expect(judge(given, { objectives: withAnother }).outcome).toBe('fail');
    expect(judge(given, { objectives: [...withAnother, { metric: 'nobody', upperLimit: 1 }] }).outcome).not.toBe(
      'fail',
    );
  });

  test('verdictOf() takes K times the evidence for each of K candidates', () => {
    const pair = windows(10, [1000, 2], [1000, 2]);
    const value = Math.exp(assessmentOf(pair)?.nonInferiority ?? 0);
    expect(value).toBeGreaterThan(20);
    expect(value).toBeLessThan(40);
    expect(judge(pair).outcome).toBe('pass');
    const three = windows(10, [1000, 2], [1000, 2], [1000, 2]);
    expect(judge(three).outcome).toBe('inconclusive');
    expect(judge(three).sentence).toContain('where 40 is enough');
    expect(judge(windows(5, [1000, 10], [1000, 25])).outcome).toBe('fail');
    const worse = judge(windows(5, [1000, 10], [1000, 25], [1000, 25]));
    expect(worse.standings.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive']);
  });

  test('verdictOf() promotes the good one of two candidates, and tells of both while none is', () => {
    const verdict = judge(windows(60, [1900, 10], [1000, 5], [1000, 50]));
    expect(verdict).toMatchObject({ outcome: 'pass', winner: 'v2' });
    expect(verdict.standings.map(({ outcome }) => outcome)).toEqual(['pass', 'fail']);
    const open = judge(windows(2, [1900, 10], [100, 1], [100, 1]));
    expect(open.winner).toBeUndefined();
    expect(open.sentence).toMatch(/^v2 is not yet .*; v3 is not yet /);
  });

  test('verdictOf() takes the error rates that the settings ask for', () => {
    const strict = { settings: { sequential: { falseRollback: 1e-9, falsePromotion: 1e-6 } } };
    expect(judge(windows(2, [1900, 10], [100, 8]), strict).outcome).toBe('inconclusive');
    expect(judge(windows(2, [1900, 10], [100, 8])).outcome).toBe('fail');
    expect(judge(good, strict).outcome).toBe('inconclusive');
  });

  test('verdictOf() compares testers with nobody', () => {
    const found = assessmentOf(good, { comparable: false, objectives: [{ ...atMostOnePercent, maxRatio: 0.1 }] });
    expect(found).toMatchObject({ classification: 'pass', limit: 0.01, baseline: undefined, ratio: undefined });
    expect(judge(good, { comparable: false }).outcome).toBe('inconclusive');
    expect(judge(good, { comparable: false, objectives: [atMostOnePercent] }).standings[0]?.exposure).toBeUndefined();
  });

  test('verdictOf() tells what a candidate has cost and may cost yet', () => {
    const [standing] = judge(bad).standings;
    expect(standing?.exposure?.excess).toBeCloseTo(40 - (500 * 50) / 9500, 10);
    const atMost = standing?.exposure?.atMost ?? Number.NaN;
    expect(atMost).toBeGreaterThan(0.075);
    const margin = { ratio: 1, difference: atMost };
    const row = { control: { n: 1900, e: 10 }, treatment: { n: 100, e: 8 } };
    const test = { harm: margin, nonInferiority: margin, overdispersion: 0.1 };
    expect(countEProcess(Array(5).fill(row), test).nonInferiority.at(-1)).toBeCloseTo(Math.log(10), 6);
    expect(judge([]).standings[0]?.exposure).toBeUndefined();
  });

  test('verdictOf() lets a split be that is declared since the window, or near enough', () => {
    const declared = { since: 0, shares: { v1: 66, v2: 34 } };
    expect(judge(good, { declared }).outcome).toBe('pass');
    expect(judge(good, { declared: { since: 0, shares: { v1: 62, v2: 38 } } }).outcome).toBe('pass');
    expect(judge(good, { declared: { since: 0, shares: { v1: 10, v2: 90 } } }).outcome).toBe('inconclusive');
    expect(judge(good, { declared: { since: 60 * 31, shares: { v1: 10, v2: 90 } } }).outcome).toBe('pass');
  });

  test('verdictOf() names a split among what was found, but blames harm on metrics only', () => {
    const declared = { since: 0, shares: { v1: 10, v2: 90 } };
    const verdict = judge(bad, { declared });
    expect(verdict.outcome).toBe('fail');
    expect(verdict.sentence).not.toContain('request-share');
    expect(verdict.standings[0]?.assessments.at(-1)).toMatchObject({ metric: 'request-share', classification: 'low' });
  });

  test('verdictOf() promotes by the same evidence whatever the order of windows', () => {
    const window = fc.tuple(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(20),
      fc.nat(20),
    );
    const mixed = fc.array(window, { minLength: 1, maxLength: 20 }).chain((all) => {
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
    });
    const evidence = (given: readonly (readonly [number, number, number, number])[]) => {
      const pairs = given.map(([a, b, e, f]) => [sample(a, Math.min(a, e)), sample(b, Math.min(b, f))]);
      return assessmentOf(pairs)?.nonInferiority ?? Number.NaN;
    };
    fc.assert(
      fc.property(mixed, ([one, other]) => {
        expect(evidence(one)).toBeCloseTo(evidence(other), 8);
      }),
    );
  });

  test('verdictOf() assumes nothing of pods where nothing is counted', () => {
    const given = Array.from({ length: 60 }, (_, t) => [gauge(5 + (t % 3)), gauge(5 + (t % 4))]);
    expect(judge(given, { objectives: [{ metric: 'queue', maxRatio: 1.5 }] }).sentence).not.toContain('assumed');
  });

  test('verdictOf() neither passes nor fails by zero variance alone', () => {
    const constant = Array.from({ length: 300 }, () => [gauge(5), gauge(9)]);
    const better = Array.from({ length: 300 }, () => [gauge(5), gauge(1)]);
    for (const given of [constant, better]) {
      for (const metric of ['queue', 'latency-mean']) {
        expect(judge(given, { objectives: [{ metric, maxRatio: 1.2 }] }).outcome).toBe('inconclusive');
      }
    }
  });
});

describe('refuses()', () => {
  const relative: Objective = { metric: 'error-rate', maxRatio: 1.2 };

  test.each<[Objective, boolean, string | undefined]>([
    [noWorse, true, undefined],
    [relative, true, undefined],
    [atMostOnePercent, false, undefined],
    [noWorse, false, 'compares the people of the match with everybody else'],
    [{ ...relative, upperLimit: 0.01 }, false, 'compares the people of the match with everybody else'],
    [{ metric: 'request-count', lowerLimit: 100 }, true, undefined],
    [{ metric: 'request-count', upperLimit: 100 }, true, 'limits a count that grows with time'],
    [{ metric: 'request-count' }, true, 'limits a count that grows with time'],
    [{ metric: 'latency-p95', minRatio: 0.8 }, true, 'has a minRatio, which no bucket tells of'],
    [{ metric: 'error-rate', upperLimit: 0 }, true, 'has an upperLimit of 0, which no number of requests can prove'],
  ])('%j, comparable: %s', (objective, comparable, message) => {
    expect(sequential.refuses(objective, { comparable })?.message).toBe(message);
  });
});
