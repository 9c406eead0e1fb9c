// Run by judges.ts, bundled: what compiles TypeScript on the fly makes functions slower than they ship.
import { CanaryConfig } from '../src/judges/kayenta/canary-config.js';
import { judgeCanary } from '../src/judges/kayenta/judge-canary.js';
import { verdictOf } from '../src/judges/sequential/verdict.js';
import type { Sample } from '../src/release/evaluation.js';
import type { JudgeInput } from '../src/release/judge.js';
import { poisson, seededRandom } from '../src/sources/simulator-random.js';
import { quantile } from './figure.js';

/** Milliseconds, medians of warm runs. */
export interface WarmTimes {
  /** Something that depends on nothing but the machine, to compare with. */
  readonly logarithms: number;
  readonly sequential: number;
  readonly kayenta: number;
}

const release = makeRelease();
const canary = makeCanary();
const times: WarmTimes = {
  logarithms: milliseconds(logarithms),
  sequential: milliseconds(() => verdictOf(release)),
  kayenta: milliseconds(() => judgeCanary(canary)),
};
console.log(JSON.stringify(times));

function milliseconds(run: () => unknown): number {
  const times = Array.from({ length: 300 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return quantile(times.slice(100), 0.5);
}

function logarithms(): number {
  let sum = 0;
  for (let i = 1; i <= 20_000; i += 1) sum += Math.log1p(i) * Math.exp(-i / 20_000);
  return sum;
}

function makeRelease(): JudgeInput {
  const random = seededRandom(1);
  const rows = Array.from({ length: 300 }, (_, t) => ({
    end: 60 * (t + 1),
    versions: { v1: sampleOf(random, 1000 - 2 * t), v2: sampleOf(random, 100 + 2 * t) },
  }));
  const objectives = [
    { metric: 'error-rate' },
    { metric: 'latency-mean', maxRatio: 1.2 },
    { metric: 'latency-p95', maxRatio: 1.2 },
    { metric: 'latency-p99', upperLimit: 500 },
    { metric: 'cpu', maxRatio: 1.5 },
  ];
  const asked = { objectives, rewards: [], minRequests: 100, comparable: true, settings: {} };
  return { ledger: { interval: 60, rows }, baseline: 'v1', candidates: ['v2'], ...asked };
}

function sampleOf(random: () => number, mean: number): Sample {
  const requests = poisson(random, mean) + 1;
  const latencyBuckets = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000].map((upTo) => ({
    upTo,
    requests: Math.round(requests * (1 - Math.exp(-upTo / 60))),
  }));
  const errors = Math.min(requests, poisson(random, requests * 0.005));
  return {
    ...{ requests, errors, latencySum: requests * (50 + 5 * random()), latencyBuckets },
    gauges: { cpu: 0.5 + 0.1 * random() },
  };
}

function makeCanary(): Parameters<typeof judgeCanary>[0] {
  const random = seededRandom(2);
  const series = (mean: number) => Array.from({ length: 360 }, () => mean + random());
  const canaryOf = { direction: 'increase' };
  const metric = { name: 'latency', groups: ['latency'], analysisConfigurations: { canary: canaryOf } };
  const config = CanaryConfig.parse({ metrics: [metric], classifier: { groupWeights: { latency: 100 } } });
  const pair = { name: 'latency', control: series(20), experiment: series(20.1) };
  return { config, thresholds: { pass: 95, marginal: 75 }, pairs: [pair] };
}
