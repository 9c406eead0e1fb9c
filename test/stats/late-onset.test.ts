import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LateOnset } from '../../src/stats/late-onset.js';
import { logSumExp } from '../../src/stats/log-sum-exp.js';

/** By the formula, every start and every bet a logarithm of its own. */
function naive(windows: readonly (readonly number[])[], weights: Float64Array): number[] {
  const started: { readonly j: number; logWealth: number }[] = [];
  return windows.map((gains, index) => {
    const t = index + 1;
    const start = t === 1 ? 0.5 : 0.5 / (t * (t - 1));
    weights.forEach((weight, j) => {
      started.push({ j, logWealth: Math.log(start * weight) });
    });
    for (const each of started) each.logWealth += gains[each.j] as number;
    return logSumExp([...started.map(({ logWealth }) => logWealth), Math.log(0.5 / t)]);
  });
}

function onset(windows: readonly (readonly number[])[], weights: Float64Array): number[] {
  const mixture = new LateOnset(weights);
  return windows.map((gains) => {
    mixture.open();
    gains.forEach((gain, j) => {
      mixture.bet(j, gain);
    });
    return mixture.logE();
  });
}

const weights = Float64Array.of(0.5, 0.3, 0.2);

function expectNear(found: readonly number[], wanted: readonly number[]): void {
  found.forEach((value, t) => {
    const want = wanted[t] as number;
    expect(Math.abs(value - want)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(want)));
  });
}

describe('LateOnset', () => {
  it('is worth 1 before the first window', () => {
    expect(new LateOnset(weights).logE()).toBe(0);
  });

  it.each([5, 500, 5000])('agrees with the formula for gains up to ±%d in logarithms', (size) => {
    const gain = fc.double({ min: -size, max: size, noNaN: true });
    const windows = fc.array(fc.tuple(gain, gain, gain), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(windows, (given) => expectNear(onset(given, weights), naive(given, weights))));
  });

  it('forgets a loss of e^5000 as fast as the formula does', () => {
    const windows = [-5000, 5000, 5000, -5000, -5000, -5000, 5000, 1, 1].map((gain) => [gain, -gain, gain / 2]);
    expectNear(onset(windows, weights), naive(windows, weights));
  });

  it('agrees with the formula over a long run', () => {
    const windows = Array.from({ length: 600 }, (_, t) => [t < 300 ? -0.4 : 0.5, Math.sin(t), -0.01]);
    expectNear(onset(windows, weights), naive(windows, weights));
  });

  it('never falls below what has not begun yet', () => {
    const mixture = new LateOnset(weights);
    for (let t = 1; t <= 1e5; t += 1) {
      mixture.open();
      for (let j = 0; j < 3; j += 1) mixture.bet(j, -1e4);
    }
    expect(mixture.logE()).toBeCloseTo(Math.log(0.5 / 1e5), 12);
  });

  it('stays 1 where nothing is won or lost', () => {
    expectNear(onset(Array(1000).fill([0, 0, 0]), weights), Array(1000).fill(0));
  });
});
