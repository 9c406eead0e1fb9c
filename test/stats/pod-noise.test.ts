import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CountRow, harmBets, nonInferiorityBets } from '../../src/stats/count-bet.js';
import { poissonDraw } from '../../src/stats/count-draws.js';
import { onsetEvidence, steadyEvidence } from '../../src/stats/count-e-process.js';
import { PodNoise } from '../../src/stats/pod-noise.js';
import { normalDraw, seededRandom } from '../../src/stats/random-draws.js';

const bound = { ratio: 1.05, difference: 0.0005 };
const noise = { overdispersion: 0.9, autocorrelation: 0.8 };

const even: CountRow = { control: { n: 10_000, e: 50 }, treatment: { n: 10_000, e: 57 } };
const worse: CountRow = { control: { n: 10_000, e: 50 }, treatment: { n: 10_000, e: 200 } };

function expectedAfter(rows: readonly CountRow[], side: 1 | -1 = 1) {
  const follower = new PodNoise(bound, noise, side);
  for (const row of rows) follower.next(row);
  return follower.next(even);
}

/** Returns how often evidence of a hundred is reached on the bound itself, with pods that differ. */
function onTheBound({ sd, r, nB, nC }: { sd: number; r: number; nB: number; nC: number }, runs: number) {
  const random = seededRandom(11);
  // As it is estimated: with a margin of a quarter.
  const known = { overdispersion: (1.25 * sd ** 2 * (1 + r)) / (1 - r), autocorrelation: r };
  let crossed = 0;
  for (let run = 0; run < runs; run += 1) {
    let x = sd * normalDraw(random);
    const rows = Array.from({ length: 60 }, () => {
      const rate = (1.05 * 0.005 + 0.0005) * Math.exp(x - sd ** 2 / 2);
      x = r * x + sd * Math.sqrt(1 - r ** 2) * normalDraw(random);
      return {
        control: { n: nB, e: poissonDraw(nB * 0.005, random) },
        treatment: { n: nC, e: Math.min(nC, poissonDraw(nC * rate, random)) },
      };
    });
    if (onsetEvidence(rows, bound, { bets: harmBets, ...known }).some((logE) => logE >= Math.log(100))) crossed += 1;
  }
  return crossed / runs;
}

describe('PodNoise', () => {
  test('is the bound and ω itself where nothing stays', () => {
    const follower = new PodNoise(bound, { overdispersion: 0.3 }, 1);
    for (const row of [worse, even, worse]) expect(follower.next(row)).toEqual({ bound, overdispersion: 0.3 });
  });

  test('begins with the bound, and with what pods differ by in one window', () => {
    const first = new PodNoise(bound, noise, 1).next(worse);
    expect(first.bound).toEqual(bound);
    expect(first.overdispersion).toBeCloseTo(0.1, 12);
  });

  test('expects of a candidate that was worse that it still is, the less the longer ago', () => {
    const [next, later] = [expectedAfter([worse]), expectedAfter([worse, even, even])];
    expect(next.bound.ratio).toBeGreaterThan(1.5 * bound.ratio);
    expect(next.bound.difference / bound.difference).toBeCloseTo(next.bound.ratio / bound.ratio, 12);
    expect(later.bound.ratio).toBeLessThan(next.bound.ratio);
    expect(next.overdispersion).toBeLessThan(0.1);
  });

  test('favours a candidate only where that makes the evidence weaker', () => {
    const better: CountRow = { ...even, treatment: { n: 10_000, e: 5 } };
    expect(expectedAfter([better]).bound).toEqual(bound);
    expect(expectedAfter([worse], -1).bound).toEqual(bound);
    expect(expectedAfter([better], -1).bound.ratio).toBeLessThan(bound.ratio);
  });

  test('does not know a window before it is over, and learns nothing of an empty one', () => {
    const count = fc.integer({ min: 0, max: 100 }).map((e) => ({ n: 1000, e }));
    const rows = fc.array(fc.record({ control: count, treatment: count }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, count, (given, other) => {
        const newest = (all: readonly CountRow[]) => {
          const follower = new PodNoise(bound, noise, 1);
          return all.map((row) => follower.next(row)).at(-1);
        };
        const changed = given.map((row, i) => (i === given.length - 1 ? { ...row, treatment: other } : row));
        expect(newest(changed)).toEqual(newest(given));
      }),
    );
    const empty: CountRow = { control: { n: 0, e: 0 }, treatment: { n: 0, e: 0 } };
    expect(expectedAfter([empty, empty])).toMatchObject({ bound });
  });

  test('takes limits without a control', () => {
    const limit = { ratio: 0, difference: 0.01 };
    const follower = new PodNoise(limit, noise, 1);
    follower.next({ control: undefined, treatment: { n: 1000, e: 40 } });
    expect(follower.next({ control: undefined, treatment: { n: 1000, e: 10 } }).bound.difference).toBeGreaterThan(0.01);
  });

  test.each([
    { sd: 0.4, r: 0.8, nB: 28_000, nC: 1500 },
    { sd: 0.4, r: 0.3, nB: 15_000, nC: 15_000 },
    { sd: 0.2, r: 0.8, nB: 600, nC: 600 },
  ])('keeps false alarms on the bound itself below 1 %, with %j', (given) => {
    // Were it 1 %, more than 10 of 500 would come once in a hundred times.
    expect(onTheBound(given, 500)).toBeLessThanOrEqual(0.02);
  });

  test('still finds what begins at once, and sooner than by many windows alone', () => {
    const rows = [even, even, even, worse, worse, worse, worse];
    const found = onsetEvidence(rows, bound, { bets: harmBets, ...noise });
    const without = onsetEvidence(rows, bound, { bets: harmBets, overdispersion: noise.overdispersion });
    expect(found.at(-1)).toBeGreaterThan(without.at(-1) ?? 0);
  });

  test('takes a good candidate for no better than its pods explain', () => {
    const good: CountRow[] = Array.from({ length: 5 }, () => ({ ...even, treatment: { n: 10_000, e: 40 } }));
    const options = { bets: nonInferiorityBets, overdispersion: 0.1 };
    const steady = steadyEvidence(good, { ratio: 1.1, difference: 0.002 }, { ...options, autocorrelation: 0.5 });
    const free = steadyEvidence(good, { ratio: 1.1, difference: 0.002 }, { ...options, overdispersion: 0 });
    expect(steady.at(-1)).toBeLessThan(free.at(-1) ?? 0);
    expect(steady.at(-1)).toBeGreaterThan(0);
  });
});
