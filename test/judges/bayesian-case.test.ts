import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerBayesianCase } from '../../src/judges/bayesian-case.js';
import type { CaseAnswer } from '../../src/release/judge.js';

function ask(given: object): CaseAnswer {
  return answerBayesianCase((schema) => schema.parse(given));
}

interface Criterion {
  readonly probability: number;
  readonly interval: readonly number[];
}

/** What a program reads, as far as it is tested here. */
interface Json {
  readonly versions: readonly { readonly winProbability: number; readonly criteria: readonly Criterion[] }[];
  readonly winner: string | null;
  readonly answer: string;
}

function jsonOf(given: object): Json {
  return JSON.parse(JSON.stringify(ask(given).json));
}

/** Versions v1, v2, … of [requests, errors]. */
function counted(...counts: readonly (readonly [number, number])[]) {
  return counts.map(([requests, errors], i) => ({ name: `v${i + 1}`, counts: { requests, errors } }));
}

const atMost = [{ metric: 'error-rate', upperLimit: 0.01 }];

describe('answerBayesianCase()', () => {
  test('gives win probabilities, the probability of every criterion and its interval', () => {
    const { versions, ...rest } = jsonOf({ id: 'a', versions: counted([1000, 10], [1000, 2]), criteria: atMost });
    expect(rest).toEqual({ id: 'a', winner: 'v2', answer: 'winner' });
    const criterion = versions[1]?.criteria[0];
    // scipy 1.17.1: stats.beta.cdf(0.01, 2.1, 998.1) and stats.beta.interval(0.95, 2.1, 998.1)
    expect(criterion?.probability).toBeCloseTo(0.9994129578899279, 12);
    expect(criterion?.interval[0]).toBeCloseTo(0.00027444719013519967, 12);
    expect(criterion?.interval[1]).toBeCloseTo(0.0057353598258753765, 12);
    expect(versions[1]?.winProbability).toBeCloseTo(0.9994129578899279, 12);
  });

  test('ranks three versions by their reward among those that keep the criteria', () => {
    const { versions, answer } = jsonOf({
      versions: counted([1000, 10], [1000, 12], [1000, 8]),
      criteria: [{ metric: 'error-rate', maxRatio: 1.2 }],
      rewards: [{ metric: 'error-rate', preferredDirection: 'low' }],
    });
    // numpy 2: 20 million draws. Four standard errors of 10,000 draws are 0.02.
    [0.2723, 0.1098, 0.6179].forEach((expected, i) => {
      expect(Math.abs((versions[i]?.winProbability ?? 0) - expected)).toBeLessThan(0.02);
    });
    expect(answer).toBe('undecided');
  });

  test('lets the baseline win where limits are relative to it', () => {
    const given = {
      versions: counted([10_000, 100], [10_000, 200]),
      criteria: [{ metric: 'error-rate', maxRatio: 0.9 }],
    };
    expect(jsonOf(given)).toMatchObject({ winner: 'v1', answer: 'winner' });
    expect(ask(given).outcome).toBe('fail');
  });

  test.each([
    ['too little data', { versions: counted([50, 0], [1000, 0]), criteria: atMost }, 'v1 needs 50 more requests'],
    [
      'none feasible',
      { versions: counted([1000, 90], [1000, 90]), criteria: atMost },
      'no version keeps every criterion: v1 breaks error-rate (at most 1 %), v2 breaks error-rate (at most 1 %)',
    ],
    [
      'nothing to judge by',
      { versions: counted([1000, 9], [1000, 9]) },
      'there is neither a limit nor a reward to judge by',
    ],
    [
      'undecided',
      { versions: counted([1000, 10], [1000, 10]), criteria: atMost },
      'no version is known to be the best: v1 47.11 %, v2 52.89 %',
    ],
  ])('answers %s, and names no winner', (answer, given, sentence) => {
    expect(jsonOf(given)).toMatchObject({ answer, winner: null });
    expect(ask(given).sentence).toBe(sentence);
  });

  test('takes null for a value that is missing', () => {
    const gone = { name: 'v2', counts: { requests: 1000, errors: null } };
    const { versions, answer } = jsonOf({ versions: [...counted([1000, 1]), gone], criteria: atMost });
    expect(answer).toBe('too little data');
    expect(versions[1]).toMatchObject({ winProbability: null, criteria: [{ probability: null, interval: null }] });
  });

  test('compares means by the windows that all versions have, in any unit', () => {
    const means = (unit: number, ...all: (number | null)[]) => ({
      'latency-mean': all.map((mean) => ({ requests: 500, mean: mean === null ? null : mean * unit })),
    });
    const criteria = [{ metric: 'latency-mean', maxRatio: 1.2 }];
    const [ms, s] = [1, 0.001].map((unit) => {
      const v1 = { name: 'v1', means: means(unit, 20, 21, null, 19.5, 20.2, 20.1) };
      const v2 = { name: 'v2', means: means(unit, 20.2, 20.9, 900, 20, 19.9, 20) };
      return jsonOf({ versions: [v1, v2], criteria });
    });
    expect(ms?.versions[1]?.winProbability).toBeGreaterThan(0.95);
    expect(s?.versions[1]?.winProbability).toBeCloseTo(ms?.versions[1]?.winProbability ?? 0, 9);
  });

  test.each([
    ['a foreign key', { criterias: [] }, 'criterias'],
    ['a foreign key of a version', { versions: [{ name: 'v1', weight: 1 }, { name: 'v2' }] }, 'weight'],
    ['more errors than requests', { versions: counted([10, 11], [10, 1]) }, 'is more than the requests'],
    ['a negative count', { versions: counted([10, -1], [10, 1]) }, 'errors'],
    ['a percentile', { criteria: [{ metric: 'latency-p95', upperLimit: 1 }] }, 'has no posterior'],
    ['one name twice', { versions: [...counted([10, 1]), ...counted([10, 1])] }, 'is there twice'],
    ['an unknown direction', { rewards: [{ metric: 'error-rate', preferredDirection: 'up' }] }, 'preferredDirection'],
    ['a single version', { versions: counted([10, 1]) }, 'versions'],
  ])('refuses %s and names it', (_what, wrong, named) => {
    expect(() => ask({ versions: counted([10, 1], [10, 1]), criteria: atMost, ...wrong })).toThrow(named);
  });

  test('says what a winner has won by', () => {
    const versions = counted([1000, 10], [1000, 2], [1000, 1]);
    const rewards = [{ metric: 'error-rate', preferredDirection: 'low' }];
    const worse = counted([1000, 100], [1000, 2]);
    const sentences = [
      { versions, criteria: atMost },
      { versions: worse, rewards },
      { versions: counted([9000, 10], [9000, 999]), criteria: atMost },
    ].map((given) => ask(given).sentence);
    expect(sentences).toEqual([
      expect.stringMatching(/^v3 is the newest that keeps everything: v1 /),
      'v2 is the best: v1 under 0.01 %, v2 over 99.99 %',
      'v1 is the best: v1 over 99.99 %, v2 under 0.01 %; v2 breaks error-rate (at most 1 %)',
    ]);
  });

  test('names a limit by what it moves with, and none that moves for the baseline', () => {
    const criteria = [{ metric: 'error-rate', upperLimit: 0.01, maxRatio: 2 }];
    expect(ask({ versions: counted([9000, 999], [9000, 5000]), criteria }).sentence).toBe(
      'no version keeps every criterion: v1 breaks error-rate (at most 1 %), ' +
        'v2 breaks error-rate (at most 1 %, at most 2 × v1)',
    );
  });

  test('says which version has nothing of a metric', () => {
    const criteria = [{ metric: 'latency-mean', upperLimit: 20 }];
    const means = { 'latency-mean': [12, 13, 14].map((mean) => ({ requests: 500, mean })) };
    const [v1, v2] = counted([1000, 1], [1000, 1]);
    expect(ask({ versions: [v1, v2], criteria }).sentence).toBe('v1 and v2 have no means of latency-mean');
    expect(ask({ versions: [{ ...v1, means }, v2], criteria }).sentence).toBe('v2 has no means of latency-mean');
    expect(ask({ versions: [{ name: 'v1', means }, v2], criteria: atMost }).sentence).toBe(
      'v1 has no counts for error-rate',
    );
  });

  test('win probabilities sum to 1 whatever was counted', () => {
    const count = fc.tuple(fc.integer({ min: 100, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(count, { minLength: 2, maxLength: 3 }), fc.boolean(), (given, rewarded) => {
        const versions = counted(...given.map(([n, share]) => [n, Math.floor(n * share)] as const));
        const rewards = rewarded ? [{ metric: 'error-rate', preferredDirection: 'low' }] : [];
        const answer = jsonOf({
          versions,
          rewards,
          criteria: [{ metric: 'error-rate', upperLimit: 0.3, maxRatio: 2 }],
        });
        const sum = answer.versions.reduce((all, { winProbability }) => all + winProbability, 0);
        expect(sum).toBeCloseTo(1, 9);
      }),
      { numRuns: 40 },
    );
  });
});
