import { describe, expect, it } from 'vitest';
import { poissonDraw } from '../../src/stats/count-draws.js';
import { dispersion } from '../../src/stats/dispersion.js';
import { overdispersion, type PodRow, podSpread } from '../../src/stats/overdispersion.js';
import { normalDraw, seededRandom } from '../../src/stats/random-draws.js';

/** Two pods of 100 requests each; one has 10 + spread errors and the other 10 − spread, the first one now and then. */
function twoPods(windows: number, spread: (window: number) => number) {
  return Array.from({ length: windows }, (_, t) => [
    { n: 100, e: 10 + spread(t) },
    { n: 100, e: 10 - spread(t) },
  ]);
}

/** Windows of pods that fail at rates which follow each other with an autocorrelation. */
function drawn({ pods = 8, windows = 2000, n = 2000, cv = 0.5, ar = 0.8 }, seed = 1) {
  const random = seededRandom(seed);
  const sigma = Math.sqrt(Math.log1p(cv ** 2));
  const states = Array.from({ length: pods }, () => normalDraw(random));
  return Array.from({ length: windows }, () =>
    states.map((state, i) => {
      states[i] = ar * state + Math.sqrt(1 - ar ** 2) * normalDraw(random);
      return { n, e: poissonDraw(n * 0.005 * Math.exp(sigma * state - sigma ** 2 / 2), random) };
    }),
  );
}

describe('podSpread()', () => {
  it('is what squares exceed chance by, over single windows', () => {
    // v = 20·½·½ = 5, R = ±8 for both, a = 2: (64 − 5)/(2·25) per pod.
    const rows = twoPods(40, (t) => (t % 2 === 0 ? 8 : -8));
    expect(podSpread([rows], 1)).toMatchObject({ perPod: 59 / 50, pods: 2, windows: 40 });
  });

  it('adds windows up, so that what alternates cancels and what lasts counts as often as it lasts', () => {
    const alternating = podSpread([twoPods(40, (t) => (t % 2 === 0 ? 8 : -8))]);
    const lasting = podSpread([twoPods(40, () => 8)]);
    expect(alternating?.perPod).toBeCloseTo(-5 / 50, 12);
    expect(lasting?.perPod).toBeCloseTo((20 * 64 - 5) / 50, 12);
  });

  it('finds how pods differ: variance, and nine times that over many windows with an autocorrelation of 0.8', () => {
    const rows = drawn({});
    expect(podSpread([rows], 1)?.perPod).toBeCloseTo(0.25, 1);
    // Blocks of 20 see 7.05 of the 9.
    const long = podSpread([rows]);
    expect(Math.abs((long?.perPod ?? 0) - 7.05 * 0.25)).toBeLessThan(4 * (long?.error ?? 0));
  });

  it('knows how exact it is', () => {
    const estimates = Array.from({ length: 200 }, (_, seed) => podSpread([drawn({ windows: 100 }, seed)], 1));
    const mean = estimates.reduce((sum, each) => sum + (each?.perPod ?? 0), 0) / 200;
    const squares = estimates.reduce((sum, each) => sum + ((each?.perPod ?? 0) - mean) ** 2, 0);
    const told = estimates.reduce((sum, each) => sum + (each?.error ?? 0), 0) / 200;
    // Windows that follow each other tell less than it thinks, but not by much.
    expect(Math.sqrt(squares / 199) / told).toBeGreaterThan(0.7);
    expect(Math.sqrt(squares / 199) / told).toBeLessThan(3);
  });

  it('compares pods within a version, whatever versions differ by', () => {
    const [good, bad] = [twoPods(40, () => 0), twoPods(40, () => 0).map((row) => row.map(({ n }) => ({ n, e: 90 })))];
    expect(podSpread([good, bad])?.perPod).toBeLessThan(0);
  });

  it('weighs pods by their requests, and takes those that come and go', () => {
    const rows: PodRow<{ n: number; e: number }>[] = [
      [{ n: 300, e: 6 }, { n: 100, e: 2 }, undefined],
      [{ n: 300, e: 3 }, undefined, { n: 300, e: 3 }],
      [{ n: 300, e: 3 }, { n: 0, e: 0 }, undefined],
    ];
    expect(podSpread([rows], 1)).toMatchObject({ pods: 2, windows: 2 });
    expect(podSpread([rows], 1)?.perPod).toBeLessThan(0);
  });

  it('is unknown without two pods or a bad event', () => {
    expect(podSpread([])).toBeUndefined();
    expect(podSpread([[[{ n: 100, e: 5 }], []]])).toBeUndefined();
    expect(
      podSpread([
        [
          [
            { n: 100, e: 0 },
            { n: 100, e: 0 },
          ],
        ],
      ]),
    ).toBeUndefined();
  });

  it.each([
    { n: 1, e: 2 },
    { n: 1, e: -1 },
    { n: Number.POSITIVE_INFINITY, e: 0 },
    { n: Number.NaN, e: 0 },
  ])('refuses %j', (cell) => {
    expect(() => podSpread([[[cell, { n: 5, e: 1 }]]])).toThrow('Cannot compute the overdispersion as 0 ≤ e ≤ n < ∞');
  });
});

describe('overdispersion()', () => {
  const spread = (perPod: number, error: number) => ({ perPod, error, pods: 8, windows: 240 });
  const halves = { baseline: 4, candidate: 4 };

  it('is what is assumed where the windows do not contradict it', () => {
    for (const [perPod, error] of [
      [0, 0.3],
      [5, 4.9],
      [0.2, 0],
    ] as const) {
      const found = overdispersion(spread(perPod, error), spread(0, 1), halves);
      expect(found).toEqual({ omega: 0.1, autocorrelation: 0, basis: 'assumed' });
    }
  });

  it('is as near to that as they leave it, with a margin, else', () => {
    const single = spread(0, 0);
    expect(overdispersion(spread(1, 0.2), single, halves)).toMatchObject({ omega: 1.25 * 0.4, basis: 'measured' });
    expect(overdispersion(spread(0, 0.1), single, halves)).toMatchObject({ omega: 1.25 * 0.05 });
    expect(overdispersion(spread(-0.1, 0.01), single, halves)).toMatchObject({ omega: 0.005, basis: 'measured' });
  });

  it('grows as pods get fewer', () => {
    const of = (candidate: number) => overdispersion(spread(2, 0), spread(0, 0), { baseline: 8, candidate }).omega;
    expect(of(8)).toBeCloseTo(1.25 * 2 * 0.25, 12);
    expect(of(1)).toBeCloseTo(1.25 * 2 * 1.125, 12);
  });

  it('tells how much stays from window to window', () => {
    // (1 + r)/(1 − r) = 9.
    expect(overdispersion(spread(1.8, 0), spread(0.2, 0), halves).autocorrelation).toBeCloseTo(0.8, 12);
    expect(overdispersion(spread(0.3, 0), spread(0.3, 0), halves).autocorrelation).toBe(0);
    expect(overdispersion(spread(0.3, 0), spread(0.6, 0), halves).autocorrelation).toBe(0);
    // What single windows do not tell counts as not staying.
    expect(overdispersion(spread(0.9, 0), spread(0.1, 0.2), halves).autocorrelation).toBeCloseTo(0.5, 12);
  });

  it('does not follow differences that are far from normal, and takes them for skewed', () => {
    const { omega, autocorrelation } = overdispersion(spread(9, 0), spread(1, 0), halves);
    expect(autocorrelation).toBe(0);
    expect(omega).toBeCloseTo(1.25 * 4.5 * (1 + 1.25 * 0.5), 12);
  });
});

describe('dispersion()', () => {
  it('grows with the bad events, and is 1 without any or without overdispersion', () => {
    expect(dispersion(0.1, { m: 100, theta: 0.1 })).toBeCloseTo(1.9, 14);
    expect(dispersion(0.1, { m: 0, theta: 0.1 })).toBe(1);
    expect(dispersion(0, { m: 100, theta: 0.1 })).toBe(1);
  });
});
