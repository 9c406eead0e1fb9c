import { boundOf, shareLimits } from '../../judges/sequential/metric-test.js';
import type { Analysis } from '../../release/evaluation.js';
import { Latencies } from '../../simulate/latencies.js';
import type { Scenario } from '../../simulate/scenario.js';
import { type Resolution, resolutionsOf } from '../metrics/resolution.js';

/** What the buckets make of a ratio, and whether the regression reaches it. */
export interface PowerResolution extends Resolution {
  /** Whether so many more of the candidate's requests are counted as slow that it is harm; else no traffic finds it by this ratio. */
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
    if (bound === undefined || limit === undefined) return { ...told, reached: false };
    const most = harmlessShare(analysis, told, slower(bound, 1));
    return { ...told, reached: slower(limit, regression?.latency ?? 1) > most };
  });
}

/** Returns how large a share of the candidate's requests may be slow, as `sequential` counts, before that is harm. */
function harmlessShare({ objectives }: Analysis, { metric, maxRatio }: Resolution, share: number): number {
  const { harm, nonInferiority } =
    objectives.find((each) => each.metric === metric && each.maxRatio === maxRatio) ?? {};
  const [limit] = shareLimits({ metric, harm, nonInferiority }, true);
  return (limit && boundOf(limit.harm, share)) ?? share;
}
