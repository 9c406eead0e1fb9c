import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/threshold/verdict.js';
import type { Reward, Sample } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { gauge, input, none, sample } from './threshold-input.js';

const good = sample(1000, 1);
const bad = sample(1000, 90);

/** One window of the versions v1, v2, … */
function judge(versions: Parameters<typeof input>[0][number], more: Partial<JudgeInput> = {}) {
  return verdictOf(input([versions], more));
}

function earning(revenue: number, errors = 0): Sample {
  return { ...sample(1000, errors), gauges: { revenue } };
}

describe('the winner of threshold, by the rules of Iter8 v2alpha1', () => {
  test.each([
    ['the candidate that keeps all objectives', [good, good], 'pass', 'v2'],
    ['the candidate, also beside a bad baseline', [bad, good], 'pass', 'v2'],
    ['the baseline, if it keeps them and the candidate does not', [good, bad], 'fail', 'v1'],
    ['nobody, if neither does', [bad, bad], 'fail', undefined],
    ['nobody yet, while too little is known of the candidate', [good, sample(10, 9)], 'inconclusive', undefined],
    ['the newest of several that do', [good, good, good, bad], 'pass', 'v3'],
    ['nobody yet, while one of several may still do', [good, bad, sample(10)], 'inconclusive', undefined],
  ] as const)('is %s', (_who, versions, outcome, winner) => {
    expect(judge(versions)).toMatchObject({ outcome, winner });
  });

  test('takes limits as inclusive', () => {
    const objectives = [{ metric: 'latency-mean', upperLimit: 20, lowerLimit: 20 }];
    expect(judge([good, good], { objectives })).toMatchObject({ outcome: 'pass', winner: 'v2' });
  });
});

describe('rewards of threshold', () => {
  const rewards: Reward[] = [{ metric: 'revenue', preferredDirection: 'high' }];

  test('let the best of those win that keep all objectives, and say by how much', () => {
    const verdict = judge([earning(1), earning(3), earning(2), earning(9, 90)], { rewards });
    expect(verdict).toMatchObject({ outcome: 'pass', winner: 'v2' });
    expect(verdict.sentence).toBe(
      'v2 keeps error-rate 0 % (limit 1 %); 1,000 requests against 1,000 of v1; v2 has the best revenue: 3 against 1 of v1 and 2 of v3',
    );
  });

  test('may let the baseline win, which is marginal', () => {
    const verdict = judge([earning(5), earning(3)], { rewards });
    expect(verdict).toMatchObject({ outcome: 'marginal', winner: 'v1', standings: [{ outcome: 'marginal' }] });
    expect(verdict.sentence).toBe(
      'v2 keeps error-rate 0 % (limit 1 %); 1,000 requests against 1,000 of v1; v1 has the best revenue: 5 against 3 of v2',
    );
  });

  test('do not help a baseline that breaks an objective', () => {
    expect(judge([earning(5, 90), earning(3)], { rewards })).toMatchObject({ outcome: 'pass', winner: 'v2' });
  });

  test('prefer the low value where that is the better one, and a later version between equals', () => {
    const latency: Reward[] = [{ metric: 'latency-mean', preferredDirection: 'low' }];
    expect(judge([sample(1000, 0, 30), sample(1000, 0, 20)], { rewards: latency }).winner).toBe('v2');
    expect(judge([sample(1000, 0, 20), sample(1000, 0, 30)], { rewards: latency }).winner).toBe('v1');
    expect(judge([good, good, good], { rewards: latency }).winner).toBe('v3');
  });

  test('decide by the next one between equals in the first', () => {
    const both: Reward[] = [{ metric: 'latency-mean', preferredDirection: 'low' }, ...rewards];
    expect(judge([earning(5), earning(3)], { rewards: both }).winner).toBe('v1');
  });

  test('without data decide nothing', () => {
    const verdict = judge([earning(5), sample(1000)], { rewards });
    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      winner: undefined,
      standings: [{ outcome: 'inconclusive' }],
    });
    expect(verdict.sentence).toContain('no window has revenue of v1 and v2, which is to decide between them');
  });

  test('of testers are not compared with those of everybody', () => {
    expect(judge([earning(5), earning(3)], { rewards, comparable: false })).toMatchObject({
      outcome: 'pass',
      winner: 'v2',
    });
    expect(judge([none, earning(3), earning(2)], { rewards, comparable: false }).winner).toBe('v2');
  });

  test('verdictOf() takes rewards as equal that differ by rounding alone, and shows those apart that do not', () => {
    const rewards: Reward[] = [{ metric: 'queue', preferredDirection: 'low' }];
    const judged = (second: number) =>
      verdictOf(
        input(
          [
            [gauge(0.15), gauge(0.1)],
            [gauge(0.15), gauge(second)],
          ],
          { rewards },
        ),
      );
    expect((0.1 + 0.2) / 2).toBeGreaterThan(0.15);
    expect(judged(0.2).winner).toBe('v2');
    expect(judged(0.20002)).toMatchObject({
      winner: 'v1',
      sentence: expect.stringContaining('v1 has the best queue: 0.15 against 0.15001 of v2'),
    });
  });
});
