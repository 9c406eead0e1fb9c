import { describe, expect, test } from 'vitest';
import { meanEProcess } from '../../src/stats/mean-e-process.js';
import { meanHistory } from '../../src/stats/mean-history.js';
import { normalDraw, seededRandom } from '../../src/stats/random-draws.js';

const cell = (n: number, mean: number) => ({ n, sum: n * mean });

/** Two pods whose means differ by d, window by window. */
const apart = (windows: number, d: (t: number) => number) =>
  Array.from({ length: windows }, (_, t) => [cell(100, 20), cell(100, 20 + d(t))]);

describe('meanHistory()', () => {
  test('has h·d² of every window in which two pods had requests', () => {
    const rows = [
      [cell(100, 20), cell(100, 21)],
      [cell(50, 20), cell(200, 18)],
      [cell(0, 0), cell(10, 20)],
      [undefined, cell(10, 20)],
    ];
    // h is 50 and 40, d is 1 and −2; of two pods both say the same.
    const { squares, intervals } = meanHistory(rows);
    expect(squares).toBeCloseTo(50 + 160, 9);
    expect(intervals).toBe(2);
  });

  test('has more where differences last, and the more the fewer pods are compared', () => {
    const alternating = meanHistory(apart(240, (t) => (t % 2 === 0 ? 1 : -1)));
    const lasting = meanHistory(apart(240, () => 1));
    expect(alternating.squares).toBeCloseTo(240 * 50, 6);
    expect(lasting.squares).toBeGreaterThan(5 * alternating.squares);
    expect(
      meanHistory(
        apart(240, () => 1),
        2,
      ).squares,
    ).toBeGreaterThan(lasting.squares);
  });

  test('is the variance of a request where pods are alike', () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 240 }, () =>
      Array.from({ length: 8 }, () => cell(400, 20 + (6 * normalDraw(random)) / 20)),
    );
    const { squares, intervals } = meanHistory(rows);
    expect(squares / intervals).toBeGreaterThan(0.85 * 36);
    expect(squares / intervals).toBeLessThan(1.3 * 36);
  });

  test('has nothing of one pod', () => {
    expect(meanHistory([[cell(10, 20)], []])).toEqual({ squares: 0, intervals: 0 });
    expect(meanHistory([])).toEqual({ squares: 0, intervals: 0 });
  });

  test('lets the first look of a release tell more', () => {
    const history = meanHistory(apart(60, (t) => (t % 2 === 0 ? 0.1 : -0.1)));
    const rows = [{ control: cell(1000, 20), treatment: cell(1000, 24) }];
    const margin = { ratio: 1.05, side: 'harm' } as const;
    expect(meanEProcess(rows, { ...margin, history })[0]).toBeGreaterThan(Math.log(100));
    expect(meanEProcess(rows, margin)[0]).toBeLessThanOrEqual(0);
  });
});
