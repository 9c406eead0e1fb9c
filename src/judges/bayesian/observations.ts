import { isSample, percentileOf, type Sample } from '../../release/evaluation.js';
import type { JudgeInput } from '../../release/judge.js';
import { ownMetric } from '../../release/own-metric.js';

/** One metric of one version in one window. */
export interface Observation {
  /** 1 for a gauge, which counts a window as one value. */
  readonly requests: number;
  /** Of a share the bad requests; of a latency the sum; of a gauge its value. */
  readonly total: number;
}

/** One metric: by version name, one entry per window, all of one length. */
export type Observations = ReadonlyMap<string, readonly (Observation | undefined)[]>;

/** What there is of one metric. */
export interface Observed {
  /** Undefined for what has no posterior. */
  readonly kind: Kind | undefined;
  readonly byVersion: Observations;
}

/** What a metric is; it decides what its posterior looks like. */
export type Kind = 'share' | 'mean' | 'gauge';

/** Returns what a metric is by its name; undefined for what has no posterior: percentiles, and counts of requests. */
export function kindOf(metric: string): Kind | undefined {
  if (metric === 'error-rate') return 'share';
  if (metric === 'latency-mean') return 'mean';
  return metric === 'request-count' || percentileOf(metric) !== undefined ? undefined : 'gauge';
}

/** Returns what the ledger holds of a metric; what is counted of one's own is observed as what every window counts. */
export function observationsOf(input: JudgeInput, metric: string): Observed {
  const { ledger, baseline, candidates } = input;
  const versions = [baseline, ...candidates];
  const samples = versions.map((name) =>
    ledger.rows.map((row) => {
      const entry = row.versions[name];
      return isSample(entry) ? entry : undefined;
    }),
  );
  const own = ownMetric(
    metric,
    ledger.rows.flatMap((_, at) => samples.map((column) => column[at])),
  );
  const like = own?.like ?? metric;
  const observed = versions.map((name, at) => {
    const column = samples[at] ?? [];
    const windows = own === undefined ? column : column.map(own.windowOf);
    return [name, windows.map((sample) => sample && observe(sample, like))] as const;
  });
  return { kind: kindOf(like), byVersion: new Map(observed) };
}

function observe({ requests, errors, latencySum, gauges }: Sample, metric: string): Observation | undefined {
  const total = metric === 'error-rate' ? errors : metric === 'latency-mean' ? latencySum : gauges?.[metric];
  if (total === undefined) return undefined;
  return { requests: kindOf(metric) === 'gauge' ? 1 : requests, total };
}
