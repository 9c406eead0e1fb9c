import { describe, expect, test } from 'vitest';
import { isSample, type Missing, type Sample } from '../../src/release/evaluation.js';
import { loadScenario } from '../../src/simulate/load-scenario.js';
import { randomOf } from '../../src/simulate/random.js';
import { Traffic, type Window } from '../../src/simulate/traffic.js';

const analysis = 'analysis: {interval: 60s, objectives: [{metric: latency-p95}, {metric: error-rate}]}\n';

function windows(text: string, count = 400, share = 20): Window[] {
  const scenario = loadScenario(`${text}\n${analysis}`, 'scenario.yaml');
  const traffic = new Traffic(scenario, randomOf(3, 0));
  return Array.from({ length: count }, () => traffic.window(share, scenario.regression));
}

function samples(all: readonly Window[], version: 'primary' | 'candidate'): Sample[] {
  return all.map((window) => window[version]).filter((entry: Sample | Missing) => isSample(entry));
}

function sumOf(all: readonly Sample[], of: (sample: Sample) => number): number {
  return all.reduce((sum, sample) => sum + of(sample), 0);
}

function errorRate(all: readonly Sample[]): number {
  return sumOf(all, ({ errors }) => errors) / sumOf(all, ({ requests }) => requests);
}

function below(all: readonly Sample[], bound: number): number {
  const count = sumOf(
    all,
    ({ latencyBuckets = [] }) => latencyBuckets.find(({ upTo }) => upTo === bound)?.requests ?? 0,
  );
  return count / sumOf(all, ({ requests }) => requests);
}

describe('Traffic', () => {
  const usual = windows('traffic: {rate: 100}\nbaseline: {errorRate: 0.01, latency: {p50: 50, p95: 250}}');

  test('divides the requests by the shares, and has them fail as often as the baseline says', () => {
    const [primary, candidate] = [samples(usual, 'primary'), samples(usual, 'candidate')];
    expect(sumOf(primary, ({ requests }) => requests) / (400 * 4800)).toBeCloseTo(1, 2);
    expect(sumOf(candidate, ({ requests }) => requests) / (400 * 1200)).toBeCloseTo(1, 2);
    expect(errorRate(primary)).toBeCloseTo(0.01, 3);
    expect(errorRate(candidate)).toBeCloseTo(0.01, 3);
  });

  test('has the percentiles that are asked for, and the mean of a log-normal with them', () => {
    const primary = samples(usual, 'primary');
    expect(below(primary, 50)).toBeCloseTo(0.5, 2);
    expect(below(primary, 250)).toBeCloseTo(0.95, 2);
    const sigma = Math.log(250 / 50) / 1.6448536;
    const mean = sumOf(primary, ({ latencySum }) => latencySum) / sumOf(primary, ({ requests }) => requests);
    expect(mean / (50 * Math.exp(sigma ** 2 / 2))).toBeCloseTo(1, 2);
  });

  test('makes the candidate worse by what the regression says, and counts what that costs', () => {
    const worse = windows(
      'traffic: {rate: 100}\nbaseline: {errorRate: 0.01, latency: {p50: 50, p95: 250}}\nregression: {errorRate: 0.02, latency: 2}',
    );
    const [primary, candidate] = [samples(worse, 'primary'), samples(worse, 'candidate')];
    expect(errorRate(primary)).toBeCloseTo(0.01, 3);
    expect(errorRate(candidate)).toBeCloseTo(0.03, 3);
    expect(below(candidate, 100)).toBeCloseTo(0.5, 2);
    const requests = sumOf(candidate, (sample) => sample.requests);
    expect(worse.reduce((sum, { failures }) => sum + failures, 0) / requests).toBeCloseTo(0.02, 6);
    const slow = worse.reduce((sum, each) => sum + each.slow, 0) / requests;
    expect(slow).toBeCloseTo(1 - below(candidate, 250) - 0.05, 2);
  });

  test.each([0, 0.5, 1])('lets pods differ by what is asked for, whatever stays of it: %d', (autocorrelation) => {
    const text = `traffic: {rate: 100000}\npods: {candidate: 1, errorVariation: 0.5, autocorrelation: ${autocorrelation}}\nbaseline: {errorRate: 0.1}`;
    const scenario = loadScenario(`${text}\n${analysis}`, 'scenario.yaml');
    const rates = Array.from({ length: 3000 }, (_, run) => {
      const traffic = new Traffic(scenario, randomOf(5, run));
      return [traffic.window(50, undefined), traffic.window(50, undefined)].map((each) =>
        errorRate(samples([each], 'candidate')),
      );
    });
    const [first, second] = [rates.map(([rate = 0]) => rate), rates.map(([, rate = 0]) => rate)];
    for (const each of [first, second]) expect(deviation(each) / mean(each)).toBeCloseTo(0.5, 1);
    expect(correlation(first, second)).toBeCloseTo(autocorrelation, 1);
  });

  test('brings bursts to both versions together', () => {
    const bursts = windows(
      'traffic: {rate: 100, shape: bursts, bursts: {every: 20m, duration: 4m, requests: 3, errors: 10}}',
      20_000,
    );
    const [primary, candidate] = [samples(bursts, 'primary'), samples(bursts, 'candidate')];
    const isBurst = ({ requests }: Sample) => requests > 8000;
    expect(primary.filter(isBurst).length / 20_000).toBeCloseTo(0.2, 1);
    const during = primary.map(isBurst);
    expect(errorRate(primary.filter(isBurst))).toBeCloseTo(0.05, 2);
    expect(errorRate(candidate.filter((_, i) => during[i]))).toBeCloseTo(0.05, 2);
    expect(errorRate(candidate.filter((_, i) => !during[i]))).toBeCloseTo(0.005, 3);
  });

  test('swings over a day', () => {
    const day = samples(windows('traffic: {rate: 100, shape: diurnal, swing: 0.5}', 1440, 0), 'primary').map(
      ({ requests }) => requests,
    );
    expect(Math.max(...day) / 6000).toBeCloseTo(1.5, 1);
    expect(Math.min(...day) / 6000).toBeCloseTo(0.5, 1);
  });
});

describe('randomOf()', () => {
  test('has a sequence for every seed and every run, each the same again', () => {
    const start = (seed: number, run: number) => Array.from({ length: 4 }, randomOf(seed, run)).join(' ');
    const starts = [0, 1, 2, 2 ** 32, 2 ** 52].flatMap((seed) => [0, 1, 2, 500].map((run) => start(seed, run)));
    expect(new Set(starts).size).toBe(20);
    expect(start(1, 2)).toBe(start(1, 2));
  });

  test('has even numbers without any connection between runs that follow each other', () => {
    const firsts = Array.from({ length: 20_000 }, (_, run) => randomOf(1, run)());
    expect(mean(firsts)).toBeCloseTo(0.5, 1.9);
    expect(correlation(firsts.slice(1), firsts.slice(0, -1))).toBeCloseTo(0, 1);
  });
});

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function deviation(numbers: readonly number[]): number {
  return Math.sqrt(mean(numbers.map((each) => each ** 2)) - mean(numbers) ** 2);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const product = mean(a.map((each, i) => each * (b[i] ?? 0)));
  return (product - mean(a) * mean(b)) / (deviation(a) * deviation(b));
}
