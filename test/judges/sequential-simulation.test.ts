import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/sequential/verdict.js';
import type { Sample } from '../../src/release/evaluation.js';
import { gamma, poisson, type Random, seededRandom } from '../../src/sources/simulator-random.js';
import { input } from './threshold-input.js';

/** Ten times as many runs and the cells that are known to be worse: SLUICE_SIMULATIONS=all. */
const { SLUICE_SIMULATIONS } = process.env;
const all = SLUICE_SIMULATIONS === 'all';
const RUNS = all ? 10_000 : 1000;

interface Scenario {
  /** Requests a second. */
  readonly rate: number;
  /** Added to the candidate's error rate, 0.5 % otherwise, from a window on. */
  readonly harm?: { readonly added: number; readonly from: number };
  /** How much the error rates of pods differ, as a coefficient of variation, and how many there are of each version. */
  readonly pods?: { readonly variation: number; readonly numbers: readonly [number, number]; readonly anew: boolean };
  /** The candidate's share of the requests: the ramp from 5 to 50 % unless given. */
  readonly share?: number;
}

const ERRORS = 0.005;

/** An hour of a release, a look a minute. */
function run(random: Random, { rate, harm, pods, share }: Scenario) {
  const fixed = ratesOf(random, pods);
  const windows = Array.from({ length: 60 }, (_, t) => {
    const [v1, v2] = pods?.anew ? ratesOf(random, pods) : fixed;
    const own = Math.round(60 * rate * (share ?? 0.05 + (0.45 * t) / 59));
    const added = harm !== undefined && t >= harm.from ? harm.added : 0;
    return [draw(random, 60 * rate - own, v1), draw(random, own, v2 + added)];
  });
  // Harm is the most of all looks, so that the verdict on the last one has all sixty in it.
  return verdictOf(input(windows, { objectives: [{ metric: 'error-rate' }] })).outcome;
}

function draw(random: Random, requests: number, rate: number): Sample {
  return { requests, errors: Math.min(requests, poisson(random, requests * rate)), latencySum: requests };
}

function ratesOf(random: Random, pods: Scenario['pods']): readonly [number, number] {
  if (pods === undefined) return [ERRORS, ERRORS];
  const shape = 1 / pods.variation ** 2;
  const [v1, v2] = pods.numbers.map((number) => {
    const rates = Array.from({ length: number }, () => (ERRORS * gamma(random, shape)) / shape);
    return rates.reduce((sum, rate) => sum + rate, 0) / number;
  });
  return [v1 ?? ERRORS, v2 ?? ERRORS];
}

/** The shares of the runs that end in each outcome. */
function simulate(scenario: Scenario) {
  const random = seededRandom(20);
  const outcomes = Array.from({ length: RUNS }, () => run(random, scenario));
  const share = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length / RUNS;
  return { fail: share('fail'), pass: share('pass') };
}

const lasting = { variation: 0.25, anew: false } as const;
const changing = { variation: 0.25, anew: true } as const;

describe('sequential under 60 looks', () => {
  test.each<[string, Scenario]>([
    ['20 requests/s', { rate: 20 }],
    ['500 requests/s', { rate: 500 }],
    ['500 requests/s at 5 %', { rate: 500, share: 0.05 }],
    ['20 requests/s, pods that differ for good', { rate: 20, pods: { ...lasting, numbers: [8, 2] } }],
    ['500 requests/s, ten pods each that differ for good', { rate: 500, pods: { ...lasting, numbers: [10, 10] } }],
    ['500 requests/s, pods that differ from minute to minute', { rate: 500, pods: { ...changing, numbers: [8, 2] } }],
  ])('rolls back at most 1 % of equal versions: %s', (_, scenario) => {
    // Without pods the truth is near 0.1 %, with them up to 0.7 %: the seed decides nothing.
    expect(simulate(scenario).fail).toBeLessThanOrEqual(0.01);
  });

  test.each<[string, Scenario, { readonly fail: number }]>([
    ['+1 pp at 20 requests/s', { rate: 20, harm: { added: 0.01, from: 0 } }, { fail: 0.98 }],
    ['+1 pp from minute 10 at 20 requests/s', { rate: 20, harm: { added: 0.01, from: 10 } }, { fail: 0.98 }],
    ['+1 pp from minute 30 at 20 requests/s', { rate: 20, harm: { added: 0.01, from: 30 } }, { fail: 0.95 }],
    ['+0.5 pp at 500 requests/s', { rate: 500, harm: { added: 0.005, from: 0 } }, { fail: 1 }],
  ])('finds %s', (_, scenario, least) => {
    expect(simulate(scenario).fail).toBeGreaterThanOrEqual(least.fail);
  });

  test('promotes equal versions at 500 requests/s', () => {
    expect(simulate({ rate: 500 }).pass).toBeGreaterThanOrEqual(0.99);
  });

  test('promotes at most 5 % of versions that are just as much worse as the margin', () => {
    const added = 0.1 * ERRORS + 0.002;
    expect(simulate({ rate: 20, harm: { added, from: 0 } }).pass).toBeLessThanOrEqual(0.05);
    expect(simulate({ rate: 500, harm: { added, from: 0 } }).pass).toBeLessThanOrEqual(0.05);
  });

  if (all) {
    test('tells how often it rolls back equal versions of few pods that differ for good', () => {
      // A lasting difference of pods is no noise that an hour averages out: what φ of a row takes back, sixty add up.
      for (const numbers of [[8, 2] as const, [9, 1] as const, [4, 4] as const]) {
        const { fail } = simulate({ rate: 500, pods: { ...lasting, numbers } });
        console.log(`500 requests/s, CV 0.25, ${numbers.join(' + ')} pods: ${(100 * fail).toFixed(1)} % rolled back`);
        expect(fail).toBeLessThan(0.15);
      }
    }, 120_000);
  }
});
