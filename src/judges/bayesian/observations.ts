import { isSample, percentileOf, type Sample } from '../../release/evaluation.js';
import type { JudgeInput } from '../../release/judge.js';

/** One metric of one version in one window. */
export interface Observation {
  /** 1 for a gauge, which counts a window as one value. */
  readonly requests: number;
  /** Of a share the bad requests; of a latency the sum; of a gauge its value. */
  readonly total: number;
}

/** One metric: by version name, one entry per window, all of one length. */
export type Observations = ReadonlyMap<string, readonly (Observation | undefined)[]>;

/** What a metric is; it decides what its posterior looks like. */
export type Kind = 'share' | 'mean' | 'gauge';

/** Returns what a metric is; undefined for what has no posterior: percentiles, and counts of requests. */
export function kindOf(metric: string): Kind | undefined {
  if (metric === 'error-rate') return 'share';
  if (metric === 'latency-mean') return 'mean';
  return metric === 'request-count' || percentileOf(metric) !== undefined ? undefined : 'gauge';
}

/** Returns what the ledger holds of a metric. */
export function observationsOf({ ledger, baseline, candidates }: JudgeInput, metric: string): Observations {
  const observed = [baseline, ...candidates].map((name) => {
    const seen = ledger.rows.map(({ versions }) => {
      const entry = versions[name];
      return isSample(entry) ? observe(entry, metric) : undefined;
    });
    return [name, seen] as const;
  });
  return new Map(observed);
}

function observe({ requests, errors, latencySum, gauges }: Sample, metric: string): Observation | undefined {
  const total = metric === 'error-rate' ? errors : metric === 'latency-mean' ? latencySum : gauges?.[metric];
  if (total === undefined) return undefined;
  return { requests: kindOf(metric) === 'gauge' ? 1 : requests, total };
}
