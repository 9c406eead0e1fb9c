import { describe, expect, test } from 'vitest';
import { judgeShift } from '../../../src/judges/kayenta/judge-shift.js';

describe('judgeShift()', () => {
  test('is positive where the experiment is above the control', () => {
    // All differences, by hand: 1, 2, 2, 3, 3, 3, 4, 4, 5; so few that the ends are the outermost.
    const shift = judgeShift({ control: [3, 1, 2], experiment: [5, 4, 6], confLevel: 0.98 });
    expect(shift).toEqual({ lower: 1, upper: 5, estimate: 3 });
  });

  test('leaves missing values out', () => {
    const shift = judgeShift({ control: [3, null, 1, 2], experiment: [5, Number.NaN, 4, 6], confLevel: 0.98 });
    expect(shift).toEqual({ lower: 1, upper: 5, estimate: 3 });
  });

  test('is NaN where nothing can be said', () => {
    const nothing = { lower: Number.NaN, upper: Number.NaN, estimate: Number.NaN };
    expect(judgeShift({ control: [], experiment: [1], confLevel: 0.98 })).toEqual(nothing);
    expect(judgeShift({ control: [null], experiment: [1], confLevel: 0.98 })).toEqual(nothing);
    expect(judgeShift({ control: [1, 2], experiment: [1, 3], confLevel: 1 })).toEqual(nothing);
  });
});
