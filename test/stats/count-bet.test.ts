import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bound,
  type CountRow,
  harmBets,
  logGain,
  nonInferiorityBets,
  termsOf,
} from '../../src/stats/count-bet.js';

/** ln L of one row. */
function gainOf(row: CountRow, bound: Bound, { g, overdispersion = 0 }: { g: number; overdispersion?: number }) {
  const terms = termsOf(row, bound, overdispersion);
  return terms === undefined ? Number.NaN : logGain(terms, g, Math.log(g));
}

function row(nB: number, nC: number, [eB, eC]: readonly [number, number]): CountRow {
  return { control: { n: nB, e: eB }, treatment: { n: nC, e: eC } };
}

function binomial(n: number, p: number): number[] {
  const chances = [1];
  for (let i = 0; i < n; i += 1) {
    chances.push(0);
    for (let k = i + 1; k >= 0; k -= 1)
      chances[k] = (chances[k] as number) * (1 - p) + p * ((k > 0 && chances[k - 1]) || 0);
  }
  return chances;
}

function poisson(mean: number): number[] {
  const chances = [Math.exp(-mean)];
  while (chances.length < 60) chances.push(((chances.at(-1) as number) * mean) / chances.length);
  return chances;
}

interface Case {
  readonly nB: number;
  readonly nC: number;
  readonly bound: Bound;
  readonly g: number;
  readonly overdispersion?: number;
}

/** E[L], by going through every outcome. */
function meanOf(chancesB: readonly number[], chancesC: readonly number[], { nB, nC, bound, ...bet }: Case): number {
  let mean = 0;
  chancesB.forEach((chanceB, eB) => {
    chancesC.forEach((chanceC, eC) => {
      if (chanceB * chanceC > 0) mean += chanceB * chanceC * Math.exp(gainOf(row(nB, nC, [eB, eC]), bound, bet));
    });
  });
  return mean;
}

const sizes = [
  [1, 1],
  [6, 4],
  [9, 1],
  [2, 11],
] as const;
const ratios = [0.5, 1, 1.05, 2];
const shares = [0, 0.01, 0.2, 0.5, 1];
const bets = [0.02, 0.5, 0.9, 1.15, 2, 17, 128];

function cases(differences: readonly number[]): (Case & { readonly p: number })[] {
  return sizes.flatMap(([nB, nC]) =>
    ratios.flatMap((ratio) =>
      differences.flatMap((difference) =>
        bets.flatMap((g) => shares.map((p) => ({ nB, nC, bound: { ratio, difference }, g, p }))),
      ),
    ),
  );
}

const rounding = 1e-12;

describe('logGain()', () => {
  it('is what mpmath computes', () => {
    expect(gainOf(row(900, 100, [5, 4]), { ratio: 1, difference: 0 }, { g: 3 })).toBeCloseTo(2.753555, 6);
    expect(gainOf(row(900, 100, [5, 4]), { ratio: 1.05, difference: 0.0005 }, { g: 3 })).toBeCloseTo(2.612566, 6);
    expect(gainOf(row(500, 500, [3, 1]), { ratio: 1.1, difference: 0.002 }, { g: 0.5 })).toBeCloseTo(0.844163, 6);
    const alone = { control: undefined, treatment: { n: 2000, e: 31 } };
    expect(gainOf(alone, { ratio: 0, difference: 0.01 }, { g: 1.5 })).toBeCloseTo(2.569418, 6);
  });

  it('is won in no fair game: E[L] ≤ 1 over all binomial outcomes at the boundary', () => {
    for (const { p, ...bet } of cases([0, 0.0005, 0.1])) {
      const atBoundary = bet.bound.ratio * p + bet.bound.difference;
      if (atBoundary > 1) continue;
      const mean = meanOf(binomial(bet.nB, p), binomial(bet.nC, atBoundary), bet);
      expect(mean, JSON.stringify({ p, ...bet })).toBeLessThanOrEqual(1 + rounding);
    }
  });

  it('is won in no fair game of rare events: E[L] = 1 over all Poisson outcomes at the boundary', () => {
    for (const { p, ...bet } of cases([0.0005, 0.1])) {
      const atBoundary = bet.bound.ratio * p + bet.bound.difference;
      // Beyond, the enumeration is not all.
      if (bet.g > 2 || p > 0.2) continue;
      const mean = meanOf(poisson(bet.nB * p), poisson(bet.nC * atBoundary), bet);
      expect(mean, JSON.stringify({ p, ...bet })).toBeCloseTo(1, 10);
    }
  });

  it('is won in no fair game against a limit', () => {
    for (const limit of [0, 0.01, 0.3, 1]) {
      for (const g of bets) {
        const bound = { ratio: 0, difference: limit };
        const mean = binomial(7, limit).reduce((sum, chance, e) => {
          const alone = { control: undefined, treatment: { n: 7, e } };
          return chance === 0 ? sum : sum + chance * Math.exp(gainOf(alone, bound, { g }));
        }, 0);
        expect(mean).toBeLessThanOrEqual(1 + rounding);
      }
    }
  });

  it('is won in the mean beyond the boundary, so that these tests can fail', () => {
    const harm = { nB: 6, nC: 4, bound: { ratio: 1.05, difference: 0.0005 }, g: 2 };
    expect(meanOf(binomial(6, 0.2), binomial(4, 0.5), harm)).toBeGreaterThan(1.1);
    expect(meanOf(binomial(6, 0.2), binomial(4, 0.05), { ...harm, g: 0.5 })).toBeGreaterThan(1.01);
  });

  it('is won in no fair game of rare events when tempered, for a ratio', () => {
    for (const { p, ...bet } of cases([0])) {
      if (bet.g > 2 || p > 0.2) continue;
      const tempered = { ...bet, overdispersion: 3 };
      const mean = meanOf(poisson(bet.nB * p), poisson(bet.nC * bet.bound.ratio * p), tempered);
      expect(mean, JSON.stringify({ p, ...bet })).toBeLessThanOrEqual(1 + rounding);
    }
  });

  it('is won by at most 1 % a look in a fair game with a difference at the ω that is assumed', () => {
    // φ depends on the events of the same row, so E[L] ≤ 1 does not carry over; the simulations have the rest.
    let most = 0;
    for (const [nB, nC] of [[1000, 1000] as const, [190, 10] as const]) {
      for (const p of [0, 0.001, 0.01]) {
        for (const g of [...harmBets.values.filter((bet) => bet < 4), ...nonInferiorityBets.values]) {
          const bet = { nB, nC, bound: { ratio: 1.1, difference: 0.002 }, g, overdispersion: 0.1 };
          most = Math.max(most, meanOf(poisson(nB * p), poisson(nC * (1.1 * p + 0.002)), bet));
        }
      }
    }
    expect(most).toBeGreaterThan(1.001);
    expect(most).toBeLessThanOrEqual(1.01);
  });

  it('falls with the ratio and the difference for harm, and rises for non-inferiority', () => {
    const count = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }));
    const ordered = fc.tuple(fc.double({ min: 0.01, max: 3, noNaN: true }), fc.double({ min: 1, max: 2, noNaN: true }));
    fc.assert(
      fc.property(count, count, ordered, fc.constantFrom(...bets), ([nB, b], [nC, c], [ratio, more], g) => {
        const counts = row(nB, nC, [Math.floor(nB * b), Math.floor(nC * c)]);
        const gain = (bound: Bound) => gainOf(counts, bound, { g });
        const worse = g > 1 ? 1 : -1;
        const slack = 1e-9 * (nB + nC);
        const ratios = [ratio, ratio * more].map((each) => gain({ ratio: each, difference: 0 }));
        const differences = [0.1 * ratio, 0.1 * ratio * more].map((each) => gain({ ratio, difference: each }));
        expect(worse * ((ratios[0] as number) - (ratios[1] as number))).toBeGreaterThanOrEqual(-slack);
        expect(worse * ((differences[0] as number) - (differences[1] as number))).toBeGreaterThanOrEqual(-slack);
      }),
    );
  });
});

describe('termsOf()', () => {
  const bound = { ratio: 1.05, difference: 0.0005 };
  const some = { n: 10, e: 1 };

  it('finds no evidence in a row without requests of one side, or without a control where one is needed', () => {
    expect(termsOf({ control: some, treatment: { n: 0, e: 0 } }, bound, 0)).toBeUndefined();
    expect(termsOf({ control: { n: 0, e: 0 }, treatment: some }, bound, 0)).toBeUndefined();
    expect(termsOf({ control: undefined, treatment: some }, bound, 0)).toBeUndefined();
    expect(termsOf({ control: undefined, treatment: some }, { ratio: 0, difference: 0.01 }, 0)).toBeDefined();
  });

  it('divides by 1 + ω·m·θ·(1 − θ)', () => {
    const counts = row(900, 100, [6, 4]);
    const plain = gainOf(counts, bound, { g: 2 });
    expect(gainOf(counts, bound, { g: 2, overdispersion: 0.5 })).toBeCloseTo(plain / (1 + 0.5 * 10 * 0.1 * 0.9), 12);
  });
});

describe('bets', () => {
  it('are those of STATISTICS.md', () => {
    expect(harmBets.values[0]).toBe(1.15);
    expect(harmBets.values[15]).toBeCloseTo(128, 10);
    expect((harmBets.values[8] as number) / (harmBets.values[7] as number)).toBeCloseTo((128 / 1.15) ** (1 / 15), 12);
    expect((harmBets.weights[0] as number) / (harmBets.weights[15] as number)).toBeCloseTo(Math.sqrt(128 / 1.15), 10);
    expect([...nonInferiorityBets.values]).toEqual([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.02]);
    for (const { weights } of [harmBets, nonInferiorityBets]) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
    }
  });
});
