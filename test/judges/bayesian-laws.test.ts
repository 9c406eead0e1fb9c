import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/bayesian/verdict.js';
import type { Objective, Reward, Sample } from '../../src/release/evaluation.js';
import { errorRate, input, sample } from './threshold-input.js';

const slower: Objective = { metric: 'latency-mean', maxRatio: 1.2 };
const fast: Reward = { metric: 'latency-mean', preferredDirection: 'low' };

/** Counts as they are, without the tempering of unknown pods. */
const exact = { history: { overdispersion: { 'error-rate': 0 } } };

/** The same window again and again. */
function windows(times: number, ...entries: readonly Sample[]) {
  return Array.from({ length: times }, () => entries);
}

describe('bayesian laws', () => {
  const traffic = fc.record({
    requests: fc.integer({ min: 1, max: 5000 }),
    bad: fc.double({ min: 0, max: 0.05, noNaN: true }),
    latency: fc.double({ min: 1, max: 500, noNaN: true }),
  });
  const one = traffic.map(({ requests, bad, latency }) => sample(requests, Math.floor(bad * requests), latency));
  const rows = fc.array(fc.tuple(one, one, one), { minLength: 1, maxLength: 8 });
  const objectives = [errorRate, slower];
  const runs = { numRuns: 25 };

  test('win probabilities sum to 1, and ranks rise to 1', () => {
    const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
    fc.assert(
      fc.property(rows, fc.constantFrom([], [fast]), (given, rewards) => {
        const { ranks } = verdictOf(input(given, { objectives, rewards }));
        if (ranks === undefined) return;
        const lists = Object.values(ranks);
        expect(lists).toHaveLength(3);
        for (let k = 0; k < 3; k += 1) expect(sum(lists.map((list) => list[k] ?? 0))).toBeCloseTo(k + 1, 9);
        for (const list of lists) expect([...list].sort((x, y) => x - y)).toEqual(list);
      }),
      runs,
    );
  });

  test('the same latencies in seconds give the same verdict', () => {
    const seconds = ({ latencySum, ...rest }: Sample): Sample => ({ ...rest, latencySum: latencySum / 1000 });
    fc.assert(
      fc.property(rows, (given) => {
        const more = { objectives: [errorRate, slower], rewards: [fast] };
        const [ms, s] = [
          input(given, more),
          input(
            given.map((row) => row.map(seconds)),
            more,
          ),
        ].map(verdictOf);
        expect(s?.outcome).toBe(ms?.outcome);
        expect(s?.winner).toBe(ms?.winner);
        expect(s?.standings[0]?.assessments[1]?.probability).toBeCloseTo(
          ms?.standings[0]?.assessments[1]?.probability ?? 0,
          6,
        );
      }),
      runs,
    );
  });

  test('identical streams never fail', () => {
    const equal = [slower, { metric: 'error-rate', maxRatio: 1 }, { metric: 'error-rate', minRatio: 1 }];
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 20 }), (given) => {
        const twice = given.map((each) => [each, each]);
        expect(verdictOf(input(twice, { objectives: equal, rewards: [fast] })).outcome).not.toBe('fail');
      }),
      runs,
    );
  });

  test('the order of the windows changes nothing', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const [one, other] = [given, [...given].reverse()].map((each) => verdictOf(input(each, { objectives })));
        expect(other?.outcome).toBe(one?.outcome);
        const [first, second] = [one, other].map((verdict) => verdict?.standings[0]?.assessments[1]?.probability ?? 0);
        expect(second).toBeCloseTo(first ?? 1, 9);
      }),
      runs,
    );
  });

  test('more of the same makes surer', () => {
    const sure = (times: number) => {
      const { standings } = verdictOf(input(windows(times, sample(900, 5), sample(300, 2)), exact));
      return standings[0]?.assessments[0]?.probability ?? 0;
    };
    expect(sure(2)).toBeGreaterThan(sure(1));
    expect(sure(20)).toBeGreaterThan(sure(2));
  });

  test.each([1, 1e6, 1e12])('%d requests a window are judged', (requests) => {
    const verdict = verdictOf(input(windows(3, sample(requests, 0), sample(requests, requests)), exact));
    expect(verdict.outcome).toBe(requests === 1 ? 'inconclusive' : 'fail');
  });

  test('verdictOf() is deterministic', () => {
    const given = input(windows(9, sample(900, 9), sample(900, 9), sample(900, 8)), { objectives });
    expect(verdictOf(given)).toEqual(verdictOf(given));
  });
});
