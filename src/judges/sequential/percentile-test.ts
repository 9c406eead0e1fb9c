import type { Bucket, Objective, Sample } from '../../release/evaluation.js';
import type { JudgeInput, Resolved } from '../../release/judge.js';
import { bucketQuantile } from '../../stats/bucket-quantile.js';
import type { Count } from '../../stats/count-bet.js';
import { logSumExp } from '../../stats/log-sum-exp.js';
import type { Noise } from '../../stats/pod-noise.js';
import { type CountPair, countTest, harmIn, rowsOf } from './count-test.js';
import { type Limit, type MetricTest, type Pair, shareLimits } from './metric-test.js';

interface PercentileOptions {
  readonly quantile: number;
  readonly noise: Noise;
  readonly input: JudgeInput;
}

interface ShownOptions extends PercentileOptions {
  /** Of all windows: the first may be no evidence, but it is shown. */
  readonly shown: Pick<MetricTest, 'value' | 'baseline'>;
}

/**
 * Tests a percentile by counts: how many requests took longer than a bound. "p95 ≤ b" is a share of at most 5 % above b;
 * "p95 ≤ 1.2 × baseline" compares the candidate above 1.2·b with the baseline above b, where b is the baseline's
 * percentile as it was before the release, or in its first window, which then is no evidence. A quantile that buckets
 * interpolate is shown, never tested. Without a ratio both ends of the bucket that it lies in tell of harm, and their
 * e-values are averaged: what becomes slower within the bucket crosses either. Where a bucket is missing the next one above is harm, the next one below proof; for
 * the baseline the other way round, so that a bound between buckets never makes a candidate look worse, or better.
 */
export function percentileTests(
  objective: Objective,
  pairs: readonly Pair[],
  options: PercentileOptions,
): MetricTest[] {
  const { metric, upperLimit, lowerLimit } = objective;
  const shown = shownOf(pairs, options.quantile);
  const absolute = [
    ...(upperLimit === undefined ? [] : [{ worse: 'high' as const, bound: upperLimit }]),
    ...(lowerLimit === undefined ? [] : [{ worse: 'low' as const, bound: lowerLimit }]),
  ].map(({ worse, bound }) => {
    const share = { ratio: 0, difference: 1 - options.quantile };
    const limit = { worse, harm: share, good: share };
    return exceedances(pairs, { ...options, metric, shown, candidate: bound, baseline: bound }, limit);
  });
  return [...absolute, ...relativeTests(objective, pairs, { ...options, shown })];
}

function relativeTests(objective: Objective, pairs: readonly Pair[], options: ShownOptions): MetricTest[] {
  const { metric, maxRatio, harm, nonInferiority, upperLimit, lowerLimit } = objective;
  const asked = maxRatio ?? harm ?? nonInferiority;
  if (!options.input.comparable || (asked === undefined && (upperLimit ?? lowerLimit) !== undefined)) return [];
  const known = options.input.history?.bounds?.[metric];
  const first = pairs.findIndex(({ baseline }) => quantileBucket(baseline, options.quantile) !== undefined);
  const bound = known ?? quantileBucket(pairs[first]?.baseline, options.quantile);
  if (bound === undefined) return [];
  const evident = known === undefined ? pairs.map((pair, i) => (i <= first ? nothing : pair)) : pairs;
  const limits = shareLimits({ metric, harm, nonInferiority }, true);
  const start = maxRatio === undefined ? bucketBelow(pairs, bound) : undefined;
  return limits.map((limit) => {
    const exceeding = { ...options, metric, candidate: (maxRatio ?? 1) * bound, baseline: bound };
    const test = exceedances(evident, exceeding, limit);
    if (start === undefined) return test;
    const below = countedAbove(evident, { candidate: start, baseline: start }, roundsOf(limit).forHarm);
    return { ...test, harm: averaged(test.harm, harmIn(rowsOf(below, limit.harm.ratio), limit, options.noise)) };
  });
}

/** Returns where the bucket begins that ends at a bound; undefined for the first one. */
function bucketBelow(pairs: readonly Pair[], bound: number): number | undefined {
  const newest = pairs.findLast(({ baseline }) => baseline?.latencyBuckets !== undefined)?.baseline;
  return newest?.latencyBuckets?.findLast(({ upTo }) => upTo < bound && !isNear(upTo, bound))?.upTo;
}

/** Of two e-values the mean is one, however they depend on each other; of logarithms. */
function averaged(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((logE, t) => logSumExp([logE, other[t] as number]) - Math.LN2);
}

const nothing: Pair = { baseline: undefined, candidate: undefined };

/** In milliseconds. */
interface Bounds {
  readonly candidate: number;
  readonly baseline: number;
}

interface Exceedances extends ShownOptions, Bounds {
  readonly metric: string;
}

function exceedances(pairs: readonly Pair[], asked: Exceedances, limit: Limit): MetricTest {
  const { metric, noise, shown } = asked;
  const { forHarm, forGood } = roundsOf(limit);
  const tested = {
    metric,
    pairs: countedAbove(pairs, asked, forHarm),
    goodPairs: countedAbove(pairs, asked, forGood),
    noise,
  };
  return {
    ...countTest(tested, limit),
    value: shown.value,
    baseline: shown.baseline,
    limit: asked.candidate,
    goodLimit: asked.candidate,
    resolved: resolvedBy(pairs, asked, { round: forHarm, relative: limit.harm.ratio > 0 }),
    goodResolved: resolvedBy(pairs, asked, { round: forGood, relative: limit.good.ratio > 0 }),
  };
}

/** In milliseconds, as the buckets tell. */
function shownOf(pairs: readonly Pair[], quantile: number): Pick<MetricTest, 'value' | 'baseline'> {
  return {
    value: quantileOf(summed(pairs.map(({ candidate }) => candidate)), quantile),
    baseline: quantileOf(summed(pairs.map(({ baseline }) => baseline)), quantile),
  };
}

type Round = 'up' | 'down';

function roundsOf({ worse }: Limit): { readonly forHarm: Round; readonly forGood: Round } {
  return worse === 'high' ? { forHarm: 'up', forGood: 'down' } : { forHarm: 'down', forGood: 'up' };
}

function countedAbove(pairs: readonly Pair[], bounds: Bounds, round: Round): CountPair[] {
  return pairs.map(({ baseline, candidate }) => ({
    baseline: countAbove(baseline, bounds.baseline, opposite(round)),
    candidate: countAbove(candidate, bounds.candidate, round),
  }));
}

/** What the newest windows are counted by, where that is not what is asked for. */
function resolvedBy(
  pairs: readonly Pair[],
  asked: Exceedances,
  { round, relative }: { readonly round: Round; readonly relative: boolean },
): Resolved | undefined {
  const newest = (version: keyof Pair) => pairs.findLast((pair) => pair[version]?.latencyBuckets)?.[version];
  const own = newest('candidate');
  if (own === undefined) return undefined;
  const limit = finite(bucketAt(own, asked.candidate, round)?.upTo);
  const other = relative ? finite(bucketAt(newest('baseline'), asked.baseline, opposite(round))?.upTo) : undefined;
  const isAsked = (bound: number | undefined, wanted: number) => bound !== undefined && isNear(bound, wanted);
  if (isAsked(limit, asked.candidate) && (!relative || isAsked(other, asked.baseline))) return undefined;
  return { limit, ratio: limit === undefined || other === undefined ? undefined : limit / other };
}

/** The baseline is counted the other way round. */
function opposite(round: Round): Round {
  return round === 'up' ? 'down' : 'up';
}

/** Requests above the nearest bucket bound in that direction; undefined without buckets. */
function countAbove(sample: Sample | undefined, bound: number, round: Round): Count | undefined {
  if (sample?.latencyBuckets === undefined) return undefined;
  const bucket = bucketAt(sample, bound, round);
  if (bucket === undefined) return { n: sample.requests, e: round === 'up' ? 0 : sample.requests };
  return { n: sample.requests, e: Math.max(0, sample.requests - bucket.requests) };
}

/** The bucket that ends nearest to a bound in that direction; undefined where there is none. */
function bucketAt(sample: Sample | undefined, bound: number, round: Round): Bucket | undefined {
  const buckets = sample?.latencyBuckets;
  return round === 'up'
    ? buckets?.find(({ upTo }) => upTo >= bound || isNear(upTo, bound))
    : buckets?.findLast(({ upTo }) => upTo <= bound || isNear(upTo, bound));
}

/** A millionth is rounding: 1.2 × 250 is 300. */
function isNear(upTo: number, bound: number): boolean {
  return Math.abs(upTo - bound) <= bound * 1e-6;
}

/** The bound of the bucket that the quantile lies in. */
function quantileBucket(sample: Sample | undefined, quantile: number): number | undefined {
  return finite(sample?.latencyBuckets?.find(({ requests }) => requests >= quantile * sample.requests)?.upTo);
}

function finite(bound: number | undefined): number | undefined {
  return Number.isFinite(bound) ? bound : undefined;
}

function quantileOf(sample: Sample | undefined, quantile: number): number | undefined {
  const buckets = sample?.latencyBuckets;
  return sample && buckets && bucketQuantile(buckets, { total: sample.requests, share: quantile })?.value;
}

/** Of the windows that have the buckets of the newest one. */
function summed(samples: readonly (Sample | undefined)[]): Sample | undefined {
  const bounds = samples.findLast((sample) => sample?.latencyBuckets !== undefined)?.latencyBuckets;
  if (bounds === undefined) return undefined;
  let requests = 0;
  const sums = new Float64Array(bounds.length);
  for (const sample of samples) {
    const buckets = sample?.latencyBuckets;
    if (buckets?.length !== bounds.length || buckets.some(({ upTo }, i) => upTo !== bounds[i]?.upTo)) continue;
    requests += sample?.requests ?? 0;
    buckets.forEach((bucket, i) => {
      sums[i] = (sums[i] as number) + bucket.requests;
    });
  }
  const latencyBuckets = bounds.map(({ upTo }, i) => ({ upTo, requests: sums[i] as number }));
  return { requests, errors: 0, latencySum: 0, latencyBuckets };
}
