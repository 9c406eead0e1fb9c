import { metricIds, type Objective, percentileOf, type Sample } from '../../release/evaluation.js';
import type { JudgeInput } from '../../release/judge.js';
import { ownMetric } from '../../release/own-metric.js';
import type { Count } from '../../stats/count-bet.js';
import { assumedOverdispersion } from '../../stats/overdispersion.js';
import { type CountPair, shareTests } from './count-test.js';
import { type MetricTest, type Pair, shareLimits, valueLimits } from './metric-test.js';
import { percentileTests } from './percentile-test.js';
import { gaugeTest, meanTest } from './value-test.js';

const everywhere: ReadonlySet<string> = new Set(metricIds);

/** Returns how much more the counts of a metric spread than independent requests would, or what is assumed. */
export function overdispersionOf({ history }: JudgeInput, metric = 'error-rate'): number {
  return history?.overdispersion?.[metric] ?? assumedOverdispersion;
}

/**
 * Returns the tests of an objective, one per limit, over windows that all have the same versions. What is counted of a metric
 * of one's own is tested as what every window counts.
 */
export function testsOf(objective: Objective, pairs: readonly Pair[], input: JudgeInput): MetricTest[] {
  const own = ownMetric(objective.metric, samplesFor(objective.metric, pairs));
  if (own === undefined) return testsLike(objective.metric, objective, pairs, input);
  const counted = pairs.map(({ baseline, candidate }) => {
    return { baseline: own.windowOf(baseline), candidate: own.windowOf(candidate) };
  });
  // What `refuses` refuses by name cannot be known of one's own before its windows are there.
  const untestable = percentileOf(own.like) !== undefined && objective.minRatio !== undefined;
  return untestable ? [] : testsLike(own.like, objective, counted, input);
}

function testsLike(like: string, objective: Objective, pairs: readonly Pair[], input: JudgeInput): MetricTest[] {
  const { metric } = objective;
  const { comparable, history, brief } = input;
  const noise = {
    overdispersion: overdispersionOf(input, metric),
    autocorrelation: history?.autocorrelation?.[metric],
  };
  const quantile = percentileOf(like);
  if (quantile !== undefined) return percentileTests(objective, pairs, { quantile, noise, input });
  switch (like) {
    case 'request-count':
      return [];
    case 'error-rate':
      return shareTests({ metric, pairs: errorPairs(pairs), noise, brief }, shareLimits(objective, comparable));
    case 'latency-mean':
      return valueLimits(objective, comparable).map((limit) => meanTest(metric, pairs, { limit, history }));
    default:
      return valueLimits(objective, comparable).map((limit) => gaugeTest(metric, pairs, { limit, history }));
  }
}

/** Returns every sample of both versions, oldest window first; none for a metric that every window tells. */
export function samplesFor(metric: string, pairs: readonly Pair[]): readonly (Sample | undefined)[] {
  if (everywhere.has(metric)) return [];
  return pairs.flatMap(({ baseline, candidate }) => [baseline, candidate]);
}

/** Returns the errors of both versions. */
export function errorPairs(pairs: readonly Pair[]): CountPair[] {
  const errors = (sample: Sample | undefined): Count | undefined => sample && { n: sample.requests, e: sample.errors };
  return pairs.map(({ baseline, candidate }) => ({ baseline: errors(baseline), candidate: errors(candidate) }));
}
