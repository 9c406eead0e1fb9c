import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CountRow, harmBets, nonInferiorityBets } from '../../src/stats/count-bet.js';
import { type CountTest, countEProcess, gainsOf, mixtureOf } from '../../src/stats/count-e-process.js';
import { cpuTime } from '../cpu-time.js';

const test: CountTest = {
  harm: { ratio: 1.05, difference: 0.0005 },
  nonInferiority: { ratio: 1.1, difference: 0.002 },
  overdispersion: 0,
};

function rowsOf(counts: readonly (readonly [number, number, number, number])[]): CountRow[] {
  return counts.map(([nB, nC, eB, eC]) => ({ control: { n: nB, e: eB }, treatment: { n: nC, e: eC } }));
}

const rows = rowsOf([
  [5400, 600, 27, 3],
  [4800, 1200, 25, 14],
  [4200, 1800, 20, 30],
]);

const anyRow = fc
  .tuple(
    fc.nat(1e6),
    fc.nat(1e6),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([nB, nC, b, c]) => [nB, nC, Math.floor(nB * b), Math.floor(nC * c)] as const);

describe('countEProcess()', () => {
  it('is what mpmath computes', () => {
    const { harm } = countEProcess(rows, test);
    [-0.461887, 0.247251, 6.728781].forEach((want, t) => {
      expect(harm[t]).toBeCloseTo(want, 6);
    });
  });

  it('has a value after every row, and a row without evidence repeats the one before it', () => {
    const [first, second, third] = rows as [CountRow, CountRow, CountRow];
    const silent: CountRow[] = [
      { control: { n: 0, e: 0 }, treatment: { n: 10, e: 10 } },
      { control: { n: 10, e: 10 }, treatment: { n: 0, e: 0 } },
      { control: undefined, treatment: { n: 10, e: 10 } },
    ];
    const { harm, nonInferiority } = countEProcess([...silent, first, ...silent, second, third], test);
    const bare = countEProcess(rows, test);
    const repeated = (values: Float64Array) => [
      0,
      0,
      0,
      values[0],
      values[0],
      values[0],
      values[0],
      values[1],
      values[2],
    ];
    expect([...harm]).toEqual(repeated(bare.harm));
    expect([...nonInferiority]).toEqual(repeated(bare.nonInferiority));
  });

  it('has no value without rows', () => {
    expect(countEProcess([], test)).toEqual({ harm: new Float64Array(0), nonInferiority: new Float64Array(0) });
  });

  it('alone raises no alarm where both have the same counts', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 30 }), (given) => {
        const same = rowsOf(given.map(([n, , e]) => [n, n, e, e]));
        for (const value of countEProcess(same, test).harm) expect(value).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  it('is indifferent to the order of rows where nothing may begin late', () => {
    const shuffled = fc
      .array(anyRow, { maxLength: 20 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([given, mixed]) => {
        const [one, other] = [given, mixed].map((each) => countEProcess(rowsOf(each), test).nonInferiority.at(-1) ?? 0);
        expect(Math.abs((one as number) - (other as number))).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(one as number)),
        );
      }),
    );
  });

  it('finds what begins in window 30 of 60 soon after it', () => {
    const given = Array.from({ length: 60 }, (_, t) => [1000, 1000, 5, t < 30 ? 5 : 20] as const);
    const { harm } = countEProcess(rowsOf(given), test);
    const found = harm.findIndex((value) => value >= Math.log(100));
    expect(found).toBeGreaterThanOrEqual(30);
    expect(found).toBeLessThanOrEqual(33);
  });

  it('of no event at all finds no harm, and proof only where a difference is allowed', () => {
    const none = rowsOf(Array(60).fill([1000, 1000, 0, 0]));
    const { harm, nonInferiority } = countEProcess(none, test);
    expect(harm.every((value) => value <= 0)).toBe(true);
    expect(nonInferiority.at(-1)).toBeGreaterThan(Math.log(20));
    const ratioOnly = countEProcess(none, { ...test, nonInferiority: { ratio: 1.1, difference: 0 } });
    expect(ratioOnly.nonInferiority.at(-1)).toBeCloseTo(0, 14);
  });

  it.each([
    ['all events on one side', [1e9, 1e9, 0, 1e9], [Number.POSITIVE_INFINITY, 0]],
    ['all events on the other side', [1e9, 1e9, 1e9, 0], [0, Number.POSITIVE_INFINITY]],
    ['one request against very many', [1e9, 1, 1e6, 1], [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]],
  ] as const)('stays finite with huge counts: %s', (_, [nB, nC, eB, eC], [harmLimit, goodLimit]) => {
    const { harm, nonInferiority } = countEProcess(rowsOf(Array(5).fill([nB, nC, eB, eC])), test);
    for (const value of [...harm, ...nonInferiority]) expect(Number.isFinite(value)).toBe(true);
    expect(harm.at(-1)).toBeLessThanOrEqual(harmLimit);
    expect(nonInferiority.at(-1)).toBeLessThanOrEqual(goodLimit);
  });

  it('takes a million rows, in time and without a stack overflow', () => {
    const many = Array<CountRow>(1e6).fill(rows[0] as CountRow);
    const started = cpuTime();
    const { harm } = countEProcess(many, test);
    expect(harm).toHaveLength(1e6);
    expect(Number.isFinite(harm.at(-1))).toBe(true);
    // About 1 s; a slow machine may take ten times as long, a square of the length would take days.
    expect(cpuTime() - started).toBeLessThan(20_000);
  });
});

describe('mixtureOf()', () => {
  it('is the last look of steady bets', () => {
    const options = { bets: nonInferiorityBets, overdispersion: 0.1 };
    const gains = gainsOf(rows, test.nonInferiority, options);
    const { nonInferiority } = countEProcess(rows, { ...test, overdispersion: 0.1 });
    expect(mixtureOf(gains, nonInferiorityBets)).toBeCloseTo(nonInferiority.at(-1) as number, 12);
  });

  it('foretells what as many rows again say', () => {
    const options = { bets: harmBets, overdispersion: 0.1 };
    const once = gainsOf(rows, test.harm, options);
    const thrice = gainsOf([...rows, ...rows, ...rows], test.harm, options);
    expect(mixtureOf(once, harmBets, 3)).toBeCloseTo(mixtureOf(thrice, harmBets), 10);
  });
});
