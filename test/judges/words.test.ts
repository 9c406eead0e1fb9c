import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { show, showAll } from '../../src/judges/words.js';

describe('show()', () => {
  test.each([
    ['error-rate', 0.0053, '0.53 %'],
    ['error-rate', 0.0464, '4.64 %'],
    ['error-rate', 0.00002, '0.002 %'],
    ['error-rate', 0.000012345, '0.0012 %'],
    ['error-rate', 0, '0 %'],
    ['error-rate', 1, '100 %'],
    ['request-share', 0.3333333, '33.33 %'],
    ['latency-mean', 12.34, '12.3 ms'],
    ['latency-p99', 0.0123, '0.012 ms'],
    ['latency-mean', 1234567.89, '1234567.9 ms'],
    ['request-count', 1234567, '1,234,567'],
    ['queue', 0.123456, '0.1235'],
    ['queue', -2.5, '-2.5'],
    ['latency-mean', 1e100, '1e+100 ms'],
    ['queue', undefined, '-'],
  ])('shows %s of %d as %s', (metric, value, shown) => {
    expect(show(metric, value)).toBe(shown);
  });
});

describe('showAll()', () => {
  test.each([
    ['error-rate', [0.07001, 0.07], ['7.001 %', '7 %']],
    ['error-rate', [0.0464, 0.0053, undefined], ['4.64 %', '0.53 %', '-']],
    ['error-rate', [1.4 * 0.05, 0.07], ['7 %', '7 %']],
    ['latency-mean', [90.04, 90], ['90.04 ms', '90 ms']],
    ['queue', [10.0001, 10], ['10.0001', '10']],
  ])('shows %s of %j as %j', (metric, values, shown) => {
    expect(showAll(metric, values)).toEqual(shown);
  });

  test('shows two that differ in their order, and never as the same', () => {
    const value = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom('error-rate', 'latency-mean', 'queue'), value, value, (metric, a, b) => {
        const [one = 0, other = 0] = showAll(metric, [a, b]).map((text) => Number.parseFloat(text));
        if (Math.abs(a - b) > 1e-10 * Math.max(a, b)) expect(Math.sign(one - other)).toBe(Math.sign(a - b));
        else expect(one).toBeCloseTo(other, -Math.log10(b));
      }),
    );
  });
});
