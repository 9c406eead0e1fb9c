import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitEValue } from '../../src/stats/split-e-value.js';

// The formula as it stands in the docblock, by mpmath 1.4.1 with 40 digits.
const references: [number[], number[], number, number][] = [
  [[500, 500], [50, 50], 1, -3.228835787221091],
  [[9000, 1100], [90, 10], 1, 0.7597405675844106],
  [[9000, 1100], [90, 10], 3, -1.586946992701041],
  [[9000, 0], [99, 1], 1, 85.93222273529086],
  [[900, 60, 40], [90, 5, 5], 1, -2.097855155805396],
  [[500_200_000, 499_800_000], [1, 1], 1, 69.86416048675498],
];
const counts = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 3 });

describe('splitEValue()', () => {
  it.each(references)('of %j declared %j with dispersion %d is %d', (arrived, shares, dispersion, want) => {
    const [got] = splitEValue([{ counts: arrived, shares }], { dispersion });
    expect(Math.abs((got as number) - want)).toBeLessThan(1e-9);
  });

  it.each([
    [[50, 50], 12],
    [[90, 10], 12],
    [[99, 1], 12],
  ])('has mean 1 over all outcomes declared as %j, at most 1 with a dispersion', (shares, n) => {
    const p = (shares[1] as number) / 100;
    let [plain, tempered] = [0, 0];
    let mass = (1 - p) ** n;
    for (let k = 0; k <= n; k++) {
      const row = { counts: [n - k, k], shares };
      plain += mass * Math.exp(splitEValue([row])[0] as number);
      tempered += mass * Math.exp(splitEValue([row], { dispersion: 4 })[0] as number);
      mass *= (((n - k) / (k + 1)) * p) / (1 - p);
    }
    expect(plain).toBeCloseTo(1, 10);
    expect(tempered).toBeLessThan(1);
  });

  it('does not depend on the order of rows or versions', () => {
    const row = fc.record({ counts, shares: fc.constantFrom([80, 10, 10], [60, 30, 10], [1, 1, 1]) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
        const forth = splitEValue(rows).at(-1) as number;
        const back = splitEValue(rows.toReversed()).at(-1) as number;
        const turned = splitEValue(
          rows.map((r) => ({ counts: r.counts.toReversed(), shares: r.shares.toReversed() })),
        ).at(-1) as number;
        expect(Math.abs(back - forth)).toBeLessThan(1e-9 * (1 + Math.abs(forth)));
        expect(Math.abs(turned - forth)).toBeLessThan(1e-9 * (1 + Math.abs(forth)));
      }),
    );
  });

  it('adds up rows of one declaration and multiplies the evidence of several', () => {
    const rows = [
      { counts: [900, 80], shares: [90, 10] },
      { counts: [500, 520], shares: [50, 50] },
      { counts: [800, 120], shares: [90, 10] },
    ];
    const got = splitEValue(rows);
    const [first] = splitEValue([{ counts: [1700, 200], shares: [90, 10] }]);
    const [second] = splitEValue([{ counts: [500, 520], shares: [50, 50] }]);
    expect(got[2]).toBeCloseTo((first as number) + (second as number), 12);
    expect(got).toHaveLength(3);
  });

  it('finds a candidate that crashes in silence', () => {
    const rows = Array.from({ length: 5 }, () => ({ counts: [200, 0], shares: [95, 5] }));
    expect(splitEValue(rows).at(-1)).toBeGreaterThan(Math.log(1e6));
    expect(splitEValue(rows, { dispersion: 5 }).at(-1)).toBeGreaterThan(Math.log(100));
  });

  it('raises no alarm when the split is as declared', () => {
    const rows = Array.from({ length: 60 }, () => ({ counts: [900, 60, 40], shares: [90, 6, 4] }));
    for (const value of splitEValue(rows)) expect(value).toBeLessThan(0);
  });

  it('leaves out versions without a share, and has nothing to say of one version', () => {
    const [two] = splitEValue([{ counts: [90, 20], shares: [9, 1] }]);
    expect(splitEValue([{ counts: [90, 777, 20], shares: [9, 0, 1] }])[0]).toBe(two);
    expect([...splitEValue([{ counts: [90, 5], shares: [100, 0] }])]).toEqual([0]);
    expect([...splitEValue([{ counts: [], shares: [] }])]).toEqual([0]);
    expect(splitEValue([])).toHaveLength(0);
    expect(splitEValue([{ counts: [0, 0], shares: [1, 1] }])[0]).toBe(0);
  });

  it.each([
    { counts: [1], shares: [1, 1] },
    { counts: [-1, 1], shares: [1, 1] },
    { counts: [1, 1], shares: [1, Number.NaN] },
    { counts: [1, Number.POSITIVE_INFINITY], shares: [1, 1] },
  ])('refuses %j', (row) => {
    expect(() => splitEValue([row])).toThrow('Cannot compute a split e-value as a count and a share per version');
  });

  it('refuses a dispersion below 1', () => {
    expect(() => splitEValue([], { dispersion: 0.5 })).toThrow('as 1 ≤ dispersion < ∞: 0.5');
  });
});
