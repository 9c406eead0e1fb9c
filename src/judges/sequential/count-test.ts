import type { Pace } from '../../release/judge.js';
import { type Bound, type Count, type CountRow, harmBets, nonInferiorityBets } from '../../stats/count-bet.js';
import { gainsOf, mixtureOf, onsetEvidence } from '../../stats/count-e-process.js';
import { differenceInterval, ratioInterval } from '../../stats/count-intervals.js';
import { type PaceOptions, windowsUntil } from '../../stats/count-pace.js';
import type { Noise } from '../../stats/pod-noise.js';
import { boundOf, type Limit, type MetricTest } from './metric-test.js';

/** Bad events of the baseline and a candidate, window by window. */
export interface CountPair {
  readonly baseline: Count | undefined;
  readonly candidate: Count | undefined;
}

/** What is counted. */
export interface CountMetric {
  readonly metric: string;
  readonly pairs: readonly CountPair[];
  /** What a candidate must show to be no worse, where a bucket is missing; else `pairs`. */
  readonly goodPairs?: readonly CountPair[];
  /** How the counts spread. */
  readonly noise: Noise;
  /** Whether its intervals are left out. @default false */
  readonly brief?: boolean | undefined;
}

const nothing: Count = { n: 0, e: 0 };

/** Tests a limit on a share of bad events. A share that must not be too low is that of the good ones, not too high. */
export function countTest({ metric, pairs, goodPairs = pairs, noise }: CountMetric, limit: Limit): MetricTest {
  const { worse, harm, good } = limit;
  const { overdispersion, autocorrelation } = noise;
  const rows = rowsOf(pairs, harm.ratio);
  const betsOnGood = worse === 'high' ? nonInferiorityBets : harmBets;
  const gains = gainsOf(rowsOf(goodPairs, good.ratio), good, { bets: betsOnGood, overdispersion, autocorrelation });
  const baseline = shareOf(rows.map(({ control }) => control ?? nothing));
  return {
    metric,
    worse,
    harm: harmIn(rows, limit, noise),
    nonInferiority: mixtureOf(gains, betsOnGood),
    pace: (needed) => paceOf(goodPairs, good, { bets: betsOnGood, overdispersion, needed }),
    ahead: (needed) => timesUntil((times) => mixtureOf(gains, betsOnGood, times), needed),
    value: shareOf(rows.map(({ treatment }) => treatment)),
    baseline: baseline ?? shareOf(pairs.map((pair) => pair.baseline ?? nothing)),
    limit: boundOf(harm, baseline),
    goodLimit: boundOf(good, baseline),
  };
}

/** Returns ln E after every window that a share is too high, or too low. */
export function harmIn(rows: readonly CountRow[], { worse, harm }: Limit, noise: Noise): Float64Array {
  const { overdispersion, autocorrelation } = noise;
  const bets = worse === 'high' ? harmBets : nonInferiorityBets;
  return onsetEvidence(rows, harm, { bets, overdispersion, autocorrelation });
}

/** As far as the baseline tells what share of its requests is bad. */
function paceOf(pairs: readonly CountPair[], bound: Bound, options: PaceOptions): Pace | undefined {
  const newest = pairs.findLast((pair) => pair.baseline !== undefined && pair.candidate !== undefined);
  const [control, treatment] = [newest?.baseline?.n ?? 0, newest?.candidate?.n ?? 0];
  if (control === 0 || treatment === 0) return undefined;
  const seen = { n: 0, e: 0 };
  for (const { baseline = nothing } of pairs) {
    seen.n += baseline.n;
    seen.e += baseline.e;
  }
  const share = seen.e / seen.n;
  const more = Math.min(treatment, control / 2);
  return {
    now: windowsUntil(bound, { control, treatment, share }, options),
    doubled: windowsUntil(bound, { control: control - more, treatment: treatment + more, share }, options),
  };
}

/** Tests limits on one share, and tells of those that compare how it differs from the baseline's. */
export function shareTests(metric: CountMetric, limits: readonly Limit[]): MetricTest[] {
  const { pairs, brief = false } = metric;
  const { overdispersion } = metric.noise;
  const compares = !brief && limits.some(({ harm }) => harm.ratio > 0);
  const rows = compares ? rowsOf(pairs, 1) : [];
  const ratio = compares ? ratioInterval(rows, { overdispersion }) : undefined;
  const difference = compares ? differenceInterval(rows, { overdispersion }) : undefined;
  return limits.map((limit) => ({
    ...countTest(metric, limit),
    ...(limit.harm.ratio > 0 && { ratio, difference }),
  }));
}

/** A row for every window; against a fixed limit the baseline is no evidence. */
export function rowsOf(pairs: readonly CountPair[], ratio: number): CountRow[] {
  return pairs.map(({ baseline, candidate }) => {
    const control = ratio > 0 ? (baseline ?? nothing) : undefined;
    return { control, treatment: candidate ?? nothing };
  });
}

/** The factor up to which it makes sense to look ahead. */
const FARTHEST = 1e4;

/** Halving is enough: nobody waits for the third digit. */
function timesUntil(logE: (times: number) => number, needed: number): number | undefined {
  if (logE(FARTHEST) < needed) return undefined;
  let low = 0;
  let high = Math.log(FARTHEST);
  for (let step = 0; step < 20; step += 1) {
    const middle = (low + high) / 2;
    if (logE(Math.exp(middle)) < needed) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

function shareOf(counts: readonly Count[]): number | undefined {
  const n = counts.reduce((sum, count) => sum + count.n, 0);
  return n === 0 ? undefined : counts.reduce((sum, count) => sum + count.e, 0) / n;
}
