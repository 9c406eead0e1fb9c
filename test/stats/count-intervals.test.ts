import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bets, type CountRow, harmBets, nonInferiorityBets } from '../../src/stats/count-bet.js';
import { gainsOf, mixtureOf } from '../../src/stats/count-e-process.js';
import { differenceInterval, leastExcludedDifference, ratioInterval } from '../../src/stats/count-intervals.js';

function rowsOf(counts: readonly (readonly [number, number, number, number])[]): CountRow[] {
  return counts.map(([nB, nC, eB, eC]) => ({ control: { n: nB, e: eB }, treatment: { n: nC, e: eC } }));
}

/** Row by row for every bound that is tried, and halving: slow and without doubt. */
function slow(
  rows: readonly CountRow[],
  { overdispersion, of }: { overdispersion: number; of: 'ratio' | 'difference' },
): readonly [number, number] {
  const needed = Math.log(40);
  const logE = (bets: Bets) => (x: number) => {
    const bound = of === 'ratio' ? { ratio: Math.exp(x), difference: 0 } : { ratio: 1, difference: x };
    // The overdispersion of a ratio and of a difference is that of a row, not of a bound.
    return mixtureOf(gainsOf(rows, bound, { bets, overdispersion }), bets);
  };
  const [harm, good] = [logE(harmBets), logE(nonInferiorityBets)];
  const [least, most] = of === 'ratio' ? [-50, 50] : [-1, 1];
  const low = harm(least) < needed ? least : halve((x) => harm(x) >= needed, [least, most]);
  const high = good(most) < needed ? most : halve((x) => good(x) < needed, [least, most]);
  if (of === 'difference') return [low, high];
  return [low === -50 ? 0 : Math.exp(low), high === 50 ? Number.POSITIVE_INFINITY : Math.exp(high)];
}

function halve(isBelow: (x: number) => boolean, [low, high]: readonly [number, number]): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step += 1) {
    const middle = (from + to) / 2;
    if (isBelow(middle)) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

function expectSame(found: readonly number[], wanted: readonly number[]): void {
  found.forEach((end, i) => {
    const want = wanted[i] as number;
    if (!Number.isFinite(want)) expect(end).toBe(want);
    else expect(Math.abs(end - want)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(want)));
  });
}

/** The split and the counts change, as under a ramp. */
const anyRow = fc
  .tuple(fc.integer({ min: 1, max: 20000 }), fc.integer({ min: 1, max: 20000 }), fc.nat(40), fc.nat(40))
  .map(([nB, nC, eB, eC]) => [nB, nC, Math.min(nB, eB), Math.min(nC, eC)] as const);
const someRows = fc.array(anyRow, { minLength: 1, maxLength: 40 });
const someOverdispersion = fc.constantFrom(0, 0.1, 1);

const ramp = rowsOf([
  [5400, 600, 27, 3],
  [4800, 1200, 25, 14],
  [4200, 1800, 20, 30],
]);

describe.each([
  ['ratioInterval()', ratioInterval, 'ratio'],
  ['differenceInterval()', differenceInterval, 'difference'],
] as const)('%s', (_, interval, of) => {
  it.each([0, 0.1])('agrees with halving to 1e-6 for the rows of STATISTICS.md, ω = %d', (overdispersion) => {
    expectSame(interval(ramp, { overdispersion }), slow(ramp, { overdispersion, of }));
  });

  it('agrees with halving to 1e-6', () => {
    fc.assert(
      fc.property(someRows, someOverdispersion, (given, overdispersion) => {
        const rows = rowsOf(given);
        expectSame(interval(rows, { overdispersion }), slow(rows, { overdispersion, of }));
      }),
      { numRuns: 40 },
    );
  });

  it('agrees with halving to 1e-6 over 300 rows of a drifting split', () => {
    const rows = rowsOf(
      Array.from({ length: 300 }, (_, t) => [9000 + 13 * t, 500 + 9 * t, 40 + (t % 7), 3 + (t % 5)] as const),
    );
    expectSame(interval(rows, { overdispersion: 0.02 }), slow(rows, { overdispersion: 0.02, of }));
  });

  it('excludes nothing without evidence', () => {
    const everything = of === 'ratio' ? [0, Number.POSITIVE_INFINITY] : [-1, 1];
    const silent: CountRow[] = [{ control: undefined, treatment: { n: 10, e: 3 } }];
    expect(interval([], { overdispersion: 0 })).toEqual(everything);
    expect(interval(silent, { overdispersion: 0 })).toEqual(everything);
    expect(interval(rowsOf([[0, 10, 0, 1]]), { overdispersion: 0 })).toEqual(everything);
  });

  it('grows with the confidence and with the overdispersion', () => {
    const [low, high] = interval(ramp, { overdispersion: 0, confidence: 0.5 });
    const wider = [interval(ramp, { overdispersion: 0 }), interval(ramp, { overdispersion: 0.1, confidence: 0.5 })];
    for (const [wideLow, wideHigh] of wider) {
      expect(wideLow).toBeLessThan(low);
      expect(wideHigh).toBeGreaterThan(high);
    }
  });

  it('is around the truth with huge counts, as narrow as the bets are close', () => {
    const rows = rowsOf(Array(60).fill([1e9, 1e9, 1e6, 2e6]));
    const [low, high] = interval(rows, { overdispersion: 0 });
    const truth = of === 'ratio' ? 2 : 0.001;
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
    expect((high - low) / truth).toBeLessThan(0.2);
  });
});

describe('ratioInterval()', () => {
  it('has no upper end without an event of the baseline, and none above 0 without one of the candidate', () => {
    const events = rowsOf([[1000, 1000, 0, 50]]);
    const none = rowsOf([[1000, 1000, 50, 0]]);
    expect(ratioInterval(events, { overdispersion: 0 })[1]).toBe(Number.POSITIVE_INFINITY);
    expect(ratioInterval(events, { overdispersion: 0 })[0]).toBeGreaterThan(1);
    expect(ratioInterval(none, { overdispersion: 0 })[0]).toBe(0);
    expect(ratioInterval(none, { overdispersion: 0 })[1]).toBeLessThan(1);
    expect(ratioInterval(rowsOf([[1000, 1000, 0, 0]]), { overdispersion: 0 })).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});

describe('leastExcludedDifference()', () => {
  const needed = Math.log(10);

  it('is where the evidence of no harm reaches what is needed', () => {
    const least = leastExcludedDifference(ramp, { overdispersion: 0.1, needed });
    const bound = { ratio: 1, difference: least };
    const gains = gainsOf(ramp, bound, { bets: nonInferiorityBets, overdispersion: 0.1 });
    expect(mixtureOf(gains, nonInferiorityBets)).toBeCloseTo(needed, 5);
  });

  it('is 1 while nothing is excluded, and 0 where even no difference is', () => {
    expect(leastExcludedDifference([], { overdispersion: 0, needed })).toBe(1);
    const better = rowsOf([[1000, 1000, 500, 10]]);
    expect(leastExcludedDifference(better, { overdispersion: 0, needed })).toBe(0);
  });
});
