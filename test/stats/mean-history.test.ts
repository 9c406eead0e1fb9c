import { describe, expect, test } from 'vitest';
import { meanEProcess } from '../../src/stats/mean-e-process.js';
import { meanHistory } from '../../src/stats/mean-history.js';

const row = (n1: number, mean1: number, n2: number, mean2: number) => ({
  control: { n: n1, sum: n1 * mean1 },
  treatment: { n: n2, sum: n2 * mean2 },
});

describe('meanHistory()', () => {
  test('sums h·d² over the rows in which both halves had requests', () => {
    const rows = [row(100, 20, 100, 21), row(50, 20, 200, 18), row(0, 0, 10, 20)];
    // h is 50 and 40, d is 1 and −2.
    expect(meanHistory(rows)).toEqual({ squares: 50 + 160, intervals: 2 });
  });

  test('lets the first look of a release tell more', () => {
    const history = meanHistory(Array.from({ length: 60 }, (_, i) => row(1000, 20, 1000, i % 2 ? 20.1 : 19.9)));
    const rows = [row(1000, 20, 1000, 24)];
    const margin = { ratio: 1.05, side: 'harm' } as const;
    expect(meanEProcess(rows, { ...margin, history })[0]).toBeGreaterThan(Math.log(100));
    expect(meanEProcess(rows, margin)[0]).toBeLessThanOrEqual(0);
  });
});
