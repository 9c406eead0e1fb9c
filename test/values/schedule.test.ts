import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holding } from '../../src/evaluate/schedule.js';
import { isExpression } from '../../src/values/schedule.js';

const limits = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Fields as people write them, most of them right. */
const field = (least: number, most: number) => {
  const value = fc.integer({ min: least - 1, max: most + 1 }).map(String);
  const part = fc.oneof(
    fc.constant('*'),
    value,
    fc.tuple(value, value).map(([from, to]) => `${from}-${to}`),
    fc
      .tuple(fc.constantFrom('*', `${least}-${most}`, '1'), fc.integer({ min: 0, max: 70 }))
      .map(([range, step]) => `${range}/${step}`),
    fc.constantFrom('MON', 'fri', 'JAN', 'dec', 'L', '', '?'),
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(','));
};

describe('isExpression()', () => {
  test.each(['* * * * *', '*/15 0-8,17-23 1 jan-mar MON-FRI', '0 0 31 12 7', '5-10/2 * * * 0'])('takes %s', (text) => {
    expect(isExpression(text)).toBe(true);
  });

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '8-5 * * * *',
    '*/0 * * * *',
    '@daily',
    '5/2 * * * *',
    '1.5 * * * *',
  ])('does not take %s', (text) => {
    expect(isExpression(text)).toBe(false);
  });

  test('takes nothing that the schedule could not be asked by', () => {
    const expressions = fc.nat({ max: 4 }).chain((at) => {
      const [least, most] = limits[at] ?? [0, 0];
      return field(least, most).map((text) => limits.map((_, i) => (i === at ? text : '*')).join(' '));
    });
    let taken = 0;
    fc.assert(
      fc.property(expressions, (text) => {
        if (!isExpression(text)) return;
        taken += 1;
        expect(() => holding({ hold: [text], timeZone: 'UTC' }, 0)).not.toThrow();
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
