import { Latencies } from '../../simulate/latencies.js';
import type { Scenario } from '../../simulate/scenario.js';
import { type Resolution, resolutionsOf } from '../metrics/resolution.js';

/** What the buckets make of a ratio, and whether the regression reaches it. */
export interface PowerResolution extends Resolution {
  /** Whether more requests of the candidate than of the primary are counted as slow; else no traffic finds it by this ratio. */
  readonly reached: boolean;
}

/** Enough for a share of a millionth. */
const MANY = 1e6;

/** Returns what the buckets make of the ratios of a scenario, where that is another ratio. */
export function powerResolutions({ analysis, baseline, regression }: Scenario): PowerResolution[] {
  const latencies = new Latencies(baseline);
  const slower = (bound: number, factor: number) => latencies.above(bound, factor);
  const latencyBuckets = baseline.buckets.map((upTo) => ({ upTo, requests: MANY * (1 - slower(upTo, 1)) }));
  const samples = [{ requests: MANY, errors: 0, latencySum: 0, latencyBuckets }];
  return resolutionsOf(analysis, { bounds: baseline.buckets, samples }).map((told) => {
    const { bound, limit } = told;
    const isKnown = bound !== undefined && limit !== undefined;
    return { ...told, reached: isKnown && slower(limit, regression?.latency ?? 1) > slower(bound, 1) };
  });
}
