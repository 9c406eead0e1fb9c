import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MeanMargin, type MeanRow, meanEProcess } from '../../src/stats/mean-e-process.js';

/** n and sum of the control, then of the treatment. */
const rows = [
  [162, 16079.3, 35, 3667.0],
  [290, 29955.0, 60, 6416.9],
  [209, 21550.1, 35, 3674.8],
  [97, 9957.6, 35, 3719.4],
  [291, 29542.1, 0, 0.0],
  [240, 24894.1, 60, 6138.4],
  [181, 18265.9, 20, 2076.3],
  [299, 29776.7, 35, 3715.7],
  [110, 10781.8, 60, 6652.2],
  [126, 12129.8, 20, 2024.0],
  [175, 17319.4, 20, 2071.5],
  [95, 9617.6, 60, 6588.7],
].map((cells) => row(cells.slice(0, 2), cells.slice(2)));

// STATISTICS.md (b) as it stands there, by mpmath 1.4.1 with 40 digits; only the first value without history is cut at 0.
const references: [MeanMargin, number[]][] = [
  [
    { ratio: 1, side: 'harm' },
    [
      0.0, 0.0, 0.0, 0.9971483168860039, 0.9971483168860039, 0.5695434957966293, 0.5695434957966293, 1.1207466932773678,
      1.1930780521838917, 1.1930780521838917, 1.1930780521838917, 2.0096077330397266,
    ],
  ],
  [
    { ratio: 1.05, side: 'harm' },
    [
      0.0,
      -Math.LN2,
      -Math.LN2,
      -1.0291507284707508,
      -1.0291507284707508,
      -1.2218877503018837,
      -1.2218877503018837,
      -1.347348622768275,
      -0.9900648388333945,
      -0.9900648388333945,
      -0.9900648388333945,
      -0.7839860117125431,
    ],
  ],
  [
    { ratio: 1.1, difference: 1, side: 'non-inferiority' },
    [
      0.0, 0.0, 0.0, 1.061930447908647, 1.061930447908647, 1.6309852599645904, 1.6309852599645904, 2.3009755150122664,
      1.9710868558566492, 1.9710868558566492, 1.9710868558566492, 2.2141768640816633,
    ],
  ],
  [
    { ratio: 1, side: 'harm', history: { squares: 90000, intervals: 40 } },
    [
      0.0, 0.17451614460702253, 0.17451614460702253, 0.17773396710138348, 0.17773396710138348, -0.0893788628815005,
      -0.0893788628815005, 0.1304847594906401, 0.7641796472474882, 0.7641796472474882, 0.7641796472474882,
      1.586823385370679,
    ],
  ],
];
const harm = { ratio: 1, side: 'harm' } as const;

describe('meanEProcess()', () => {
  it.each(references)('with %j agrees with the formula', (margin, want) => {
    const got = meanEProcess(rows, margin);
    expect(got).toHaveLength(rows.length);
    got.forEach((value, i) => {
      expect(Math.abs(value - (want[i] as number))).toBeLessThan(1e-11);
    });
  });

  it('merges rows until the treatment has 50 requests, and leaves out rows of which a version had none', () => {
    const whole = meanEProcess([row([200, 20_000], [60, 6600]), row([200, 20_200], [60, 6500])], harm);
    const parts = meanEProcess(
      [
        row([80, 8000], [30, 3300]),
        row([0, 0], [40, 9999]),
        row([120, 12_000], [30, 3300]),
        row([77, 9999], [0, 0]),
        row([200, 20_200], [60, 6500]),
      ],
      harm,
    );
    expect([...parts]).toEqual([0, 0, whole[0], whole[0], whole[1]]);
    expect(whole[1]).toBeGreaterThan(0);
  });

  it('takes 50 requests for enough and 49 for too few', () => {
    expect(meanEProcess([row([100, 10_000], [49, 4000])], harm)[0]).toBe(0);
    // The first difference alone is a sign: half for the wrong one.
    expect(meanEProcess([row([100, 10_000], [50, 4000])], harm)[0]).toBeCloseTo(-Math.LN2, 14);
  });

  it('decides the same in milliseconds, seconds and furlongs', () => {
    fc.assert(
      fc.property(ledger(), fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (cells, unit) => {
        const plain = meanEProcess(cells, { ratio: 1.05, difference: 2, side: 'harm' });
        const scaled = meanEProcess(inUnit(cells, unit), { ratio: 1.05, difference: 2 * unit, side: 'harm' });
        scaled.forEach((value, i) => {
          expect(Math.abs(value - (plain[i] as number))).toBeLessThan(1e-9 * (1 + Math.abs(value)));
        });
        expect(meanEProcess(inUnit(cells, 1024), { ...harm, difference: 2048 })).toEqual(
          meanEProcess(cells, { ...harm, difference: 2 }),
        );
      }),
    );
  });

  it('is never raised by identical streams', () => {
    fc.assert(
      fc.property(ledger(), fc.double({ min: 1, max: 2, noNaN: true }), (cells, ratio) => {
        const twins = cells.map(({ control }) => ({ control, treatment: control }));
        for (const value of meanEProcess(twins, { ratio, side: 'harm' })) expect(value).toBeLessThanOrEqual(0);
      }),
    );
  });

  it.each(['harm', 'non-inferiority'] as const)('takes no variance for no evidence of %s', (side) => {
    // 101 against 100 with all rows alike, and the other way round; sums that no double holds exactly.
    for (const [control, treatment] of [
      [100, 101],
      [101, 100],
      [0.1, 0.3],
      [0.3, 0.1],
      [5, 5],
      [0, 0],
      [0, 7],
    ] as const) {
      const constant = Array.from({ length: 60 }, (_, i) =>
        row([100 + i, (100 + i) * control], [50 + 3 * i, (50 + 3 * i) * treatment]),
      );
      for (const history of [undefined, { squares: 0, intervals: 240 }, { squares: 1e-25, intervals: 240 }]) {
        const values = meanEProcess(constant, { ratio: 1, side, ...(history && { history }) });
        for (const value of values) expect(value).toBeLessThanOrEqual(0);
        expect(values.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('finds a difference that varies, and one that the history gives a scale', () => {
    const noisy = Array.from({ length: 30 }, (_, i) =>
      row([500, 50_000 + (i % 3) * 900], [100, 11_000 + (i % 5) * 150]),
    );
    expect(meanEProcess(noisy, harm).at(-1)).toBeGreaterThan(Math.log(100));
    expect(meanEProcess(noisy, { ratio: 1.2, side: 'non-inferiority' }).at(-1)).toBeGreaterThan(Math.log(20));
    const constant = Array.from({ length: 30 }, () => row([500, 50_000], [100, 11_000]));
    const history = { squares: 100 * 9 * 240, intervals: 240 };
    expect(meanEProcess(constant, { ...harm, history }).at(-1)).toBeGreaterThan(Math.log(100));
  });

  it('tests an upper limit with ratio 0, whatever the control did', () => {
    const alone = rows.map(({ treatment }) => ({ treatment, control: { n: 0, sum: 0 } }));
    const limit = { ratio: 0, difference: 100, side: 'harm' } as const;
    expect(meanEProcess(alone, limit)).toEqual(meanEProcess(rows, limit));
    expect(meanEProcess(alone, limit).at(-1)).toBeGreaterThan(1);
  });

  it('is finite and as long as its input for anything a ledger may hold', () => {
    fc.assert(
      fc.property(ledger(), fc.constantFrom<'harm' | 'non-inferiority'>('harm', 'non-inferiority'), (cells, side) => {
        const values = meanEProcess(cells, { ratio: 1.05, side });
        expect(values).toHaveLength(cells.length);
        expect(values.every(Number.isFinite)).toBe(true);
      }),
    );
    expect(meanEProcess([], harm)).toHaveLength(0);
  });

  it.each([
    row([-1, 0], [50, 1]),
    row([1, 0], [Number.POSITIVE_INFINITY, 1]),
    row([Number.NaN, 0], [50, 1]),
    row([1, 0], [50, Number.NaN]),
    row([1, 1e200], [50, 1]),
  ])('refuses %j', (cell) => {
    expect(() => meanEProcess([cell], harm)).toThrow('Cannot compute a mean e-process as');
  });

  it('refuses a margin or a history that is no number', () => {
    expect(() => meanEProcess(rows, { ratio: Number.NaN, side: 'harm' })).toThrow('a finite margin');
    expect(() => meanEProcess(rows, { ...harm, history: { squares: -1, intervals: 3 } })).toThrow('finite history');
  });
});

function row([n1, sum1]: number[], [n2, sum2]: number[]): MeanRow {
  return { control: { n: Number(n1), sum: Number(sum1) }, treatment: { n: Number(n2), sum: Number(sum2) } };
}

function ledger(): fc.Arbitrary<MeanRow[]> {
  const cell = fc
    .record({ n: fc.integer({ min: 0, max: 5000 }), mean: fc.integer({ min: 1, max: 5000 }) })
    .map(({ n, mean }) => ({ n, sum: n * mean }));
  return fc.array(fc.record({ control: cell, treatment: cell }), { maxLength: 40 });
}

function inUnit(cells: readonly MeanRow[], unit: number): MeanRow[] {
  return cells.map(({ control, treatment }) => ({
    control: { n: control.n, sum: control.sum * unit },
    treatment: { n: treatment.n, sum: treatment.sum * unit },
  }));
}
