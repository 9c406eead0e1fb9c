import { expect, test } from 'vitest';
import { harmBets, nonInferiorityBets } from '../../src/stats/count-bet.js';
import { steadyEvidence } from '../../src/stats/count-e-process.js';
import { windowsUntil } from '../../src/stats/count-pace.js';

const bound = { ratio: 1.1, difference: 0.002 };
const needed = Math.log(20);
const options = { bets: nonInferiorityBets, overdispersion: 0, needed };
const windows = { control: 28_500, treatment: 1500, share: 0.005 };

test('windowsUntil() is about when a candidate as good as the baseline passes', () => {
  const expected = windowsUntil(bound, windows, options);
  const row = { control: { n: 28_500, e: 142.5 }, treatment: { n: 1500, e: 7.5 } };
  const found = steadyEvidence(
    Array.from({ length: 40 }, () => row),
    bound,
    options,
  );
  const first = found.findIndex((logE) => logE >= needed) + 1;
  expect(first / expected).toBeGreaterThan(0.6);
  expect(first / expected).toBeLessThanOrEqual(1.05);
});

test('windowsUntil() halves with twice the requests, but not where pods differ', () => {
  const doubled = { ...windows, treatment: 3000, control: 27_000 };
  const gain = (overdispersion: number) =>
    windowsUntil(bound, doubled, { ...options, overdispersion }) /
    windowsUntil(bound, windows, { ...options, overdispersion });
  expect(gain(0)).toBeLessThan(0.6);
  expect(gain(10)).toBeGreaterThan(0.9);
});

test('windowsUntil() is infinite where no bet wins, and where nothing is compared', () => {
  expect(windowsUntil({ ratio: 0.5, difference: 0 }, windows, options)).toBe(Number.POSITIVE_INFINITY);
  expect(windowsUntil(bound, { ...windows, control: 0 }, options)).toBe(Number.POSITIVE_INFINITY);
  expect(windowsUntil(bound, windows, { ...options, bets: harmBets })).toBe(Number.POSITIVE_INFINITY);
});

test('windowsUntil() takes a limit without a control', () => {
  expect(windowsUntil({ ratio: 0, difference: 0.01 }, windows, options)).toBeLessThan(10);
});
