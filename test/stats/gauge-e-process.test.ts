import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GaugeRow, gaugeEProcess } from '../../src/stats/gauge-e-process.js';
import { tEProcess } from '../../src/stats/t-e-process.js';

const rows: GaugeRow[] = [
  [10, 12],
  [11, 12.5],
  [9, 12],
  [10, 11.5],
  [12, 15],
  [10, 13],
].map(([control, treatment]) => ({ control: Number(control), treatment: Number(treatment) }));
const harm = { ratio: 1, side: 'harm' } as const;

function direct(values: readonly number[]): Float64Array {
  const ones = new Float64Array(values.length).fill(1);
  return tEProcess({ values: Float64Array.from(values), weights: ones, sizes: ones });
}

describe('gaugeEProcess()', () => {
  it('tests the paired differences', () => {
    expect(gaugeEProcess(rows, harm)).toEqual(direct([2, 1.5, 3, 1.5, 3, 3]));
    expect(gaugeEProcess(rows, { ratio: 1, difference: 4, side: 'non-inferiority' })).toEqual(
      direct([2, 2.5, 1, 2.5, 1, 1]),
    );
    expect(gaugeEProcess(rows, harm).at(-1)).toBeGreaterThan(3);
  });

  it('prewhitens them', () => {
    const d = [2, 1.5, 3, 1.5, 3, 3];
    const whitened = d.map((value, i) => (i === 0 ? value * Math.sqrt(0.75) : value - 0.5 * (d[i - 1] as number)));
    expect(gaugeEProcess(rows, { ...harm, autocorrelation: 0.5 })).toEqual(direct(whitened));
  });

  it('carries the last value over rows without a pair, and lets what is between fade', () => {
    const gap: GaugeRow[] = [{ control: null, treatment: 3 }, ...rows.slice(0, 2), { control: 1, treatment: null }];
    const got = gaugeEProcess([...gap, ...rows.slice(2, 3)], { ...harm, autocorrelation: 0.5 });
    const third = (3 - 0.25 * 1.5) * Math.sqrt(0.75 / (1 - 0.25 ** 2));
    const want = direct([2 * Math.sqrt(0.75), 1.5 - 0.5 * 2, third]);
    expect([...got]).toEqual([0, want[0], want[1], want[1], want[2]]);
  });

  it.each([0, 0.3, 0.9, -0.5])(
    'takes a constant difference for no evidence with autocorrelation %d',
    (autocorrelation) => {
      for (const [control, treatment] of [
        [1, 2],
        [0.1, 0.3],
        [0, 0],
        [2, 1],
      ] as const) {
        const constant = Array.from({ length: 60 }, () => ({ control, treatment }));
        for (const side of ['harm', 'non-inferiority'] as const) {
          for (const value of gaugeEProcess(constant, { ratio: 1, side, autocorrelation })) {
            expect(value).toBeLessThanOrEqual(0);
          }
        }
      }
    },
  );

  it('is never raised by identical streams and does not depend on the unit', () => {
    const value = fc.double({ min: 0, max: 1e3, noNaN: true }).map((x) => Math.round(x * 100) / 100);
    fc.assert(
      fc.property(fc.array(fc.record({ control: value, treatment: value }), { maxLength: 30 }), (cells) => {
        const twins = cells.map(({ control }) => ({ control, treatment: control }));
        for (const logE of gaugeEProcess(twins, { ...harm, autocorrelation: 0.4 })) expect(logE).toBeLessThanOrEqual(0);
        const scaled = cells.map(({ control, treatment }) => ({ control: control * 8, treatment: treatment * 8 }));
        expect(gaugeEProcess(scaled, harm)).toEqual(gaugeEProcess(cells, harm));
        expect(gaugeEProcess(cells, harm).every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('tests an upper limit with ratio 0, without a control', () => {
    const alone = rows.map(({ treatment }) => ({ control: null, treatment }));
    expect(gaugeEProcess(alone, { ratio: 0, difference: 10, side: 'harm' })).toEqual(direct([2, 2.5, 2, 1.5, 5, 3]));
  });

  it('refuses what is no number, and an autocorrelation of 1', () => {
    for (const treatment of [Number.NaN, Number.POSITIVE_INFINITY, 1e200]) {
      expect(() => gaugeEProcess([{ control: 1, treatment }], harm)).toThrow('as values within ±1e140');
    }
    expect(() => gaugeEProcess(rows, { ...harm, autocorrelation: 1 })).toThrow('and |r| < 1');
    expect(() => gaugeEProcess(rows, { ratio: Number.NaN, side: 'harm' })).toThrow('as finite margins');
    expect(gaugeEProcess([], harm)).toHaveLength(0);
  });
});
