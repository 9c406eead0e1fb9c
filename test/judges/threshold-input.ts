import type { Missing, Objective, Sample } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';

/** At most 1 % errors. */
export const errorRate: Objective = { metric: 'error-rate', upperLimit: 0.01 };

/** A window without data. */
export const none: Missing = { missing: 'no requests' };

/** A window's traffic; `latency` in milliseconds, the same for every request. */
export function sample(requests: number, errors = 0, latency = 20): Sample {
  return { requests, errors, latencySum: requests * latency };
}

/** A window of 1,000 requests with the value of a gauge. */
export function gauge(queue: number): Sample {
  return { ...sample(1000), gauges: { queue } };
}

/** A window of 100 requests, spread over the buckets up to 100, 200 and 400 ms; the rest are slower. */
export function spread(...counts: readonly [number, number, number]): Sample {
  const latencyBuckets = [100, 200, 400].map((upTo, i) => ({
    upTo,
    requests: counts.slice(0, i + 1).reduce((sum, requests) => sum + requests, 0),
  }));
  return { ...sample(100), latencyBuckets };
}

/** Windows of the baseline v1 and of candidates v2, v3, … in that order. */
export function input(windows: readonly (readonly (Sample | Missing)[])[], more: Partial<JudgeInput> = {}): JudgeInput {
  const rows = windows.map((entries, i) => ({
    end: 60 * (i + 1),
    versions: Object.fromEntries(entries.map((entry, version) => [`v${version + 1}`, entry])),
  }));
  const versions = Math.max(2, ...windows.map((entries) => entries.length));
  return {
    ledger: { interval: 60, rows },
    baseline: 'v1',
    candidates: Array.from({ length: versions - 1 }, (_, i) => `v${i + 2}`),
    objectives: [errorRate],
    rewards: [],
    minRequests: 100,
    comparable: true,
    settings: {},
    ...more,
  };
}
