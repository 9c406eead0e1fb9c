import fc from 'fast-check';
import { expect, test } from 'vitest';
import { studentTLogCdf } from '../../src/stats/student-t.js';
import { studentTQuantile } from '../../src/stats/student-t-quantile.js';

// scipy 1.17.1: stats.t.ppf
test.each([
  [1, 0.025, -12.706204736174705],
  [1, 1e-9, -318309886.1837907],
  [2, 0.025, -4.302652729749464],
  [3.5, 1e-9, -439.4984934393447],
  [30, 0.025, -2.042272456301238],
  [30, 0.49, -0.025278783971765764],
  [1e6, 1e-9, -5.997862455710896],
])('studentTQuantile() with %d degrees of freedom at %d is as scipy has it', (df, p, expected) => {
  expect(studentTQuantile(p, df) / expected).toBeCloseTo(1, 10);
});

test('studentTQuantile() undoes the CDF on both sides', () => {
  const ps = fc.double({ min: 1e-6, max: 0.999999, noNaN: true });
  fc.assert(
    fc.property(ps, fc.double({ min: 1, max: 1e4, noNaN: true }), (p, df) => {
      expect(Math.exp(studentTLogCdf(studentTQuantile(p, df), df))).toBeCloseTo(p, 9);
    }),
  );
});

test('studentTQuantile() refuses what is no probability', () => {
  expect(() => studentTQuantile(0, 3)).toThrow('Cannot compute a quantile of Student t as 0 < p < 1: 0');
  expect(() => studentTQuantile(Number.NaN, 3)).toThrow('NaN');
});
