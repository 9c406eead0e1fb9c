import { type Objective, percentileOf, type Sample } from '../../release/evaluation.js';
import type { JudgeInput } from '../../release/judge.js';
import type { Count } from '../../stats/count-bet.js';
import { type CountPair, shareTests } from './count-test.js';
import { type MetricTest, type Pair, shareLimits, valueLimits } from './metric-test.js';
import { percentileTests } from './percentile-test.js';
import { gaugeTest, meanTest } from './value-test.js';

/** ω while the baseline's own pods have not been compared. */
const ASSUMED_OVERDISPERSION = 0.1;

/** Returns how much more counts spread than independent requests would, or what is assumed. */
export function overdispersionOf({ history }: JudgeInput): number {
  return history?.overdispersion ?? ASSUMED_OVERDISPERSION;
}

/** Returns the tests of an objective, one per limit, over windows that all have the same versions. */
export function testsOf(objective: Objective, pairs: readonly Pair[], input: JudgeInput): MetricTest[] {
  const { metric } = objective;
  const { comparable, history, brief } = input;
  const overdispersion = overdispersionOf(input);
  const quantile = percentileOf(metric);
  if (quantile !== undefined) return percentileTests(objective, pairs, { quantile, overdispersion, input });
  switch (metric) {
    case 'request-count':
      return [];
    case 'error-rate':
      return shareTests(
        { metric, pairs: errorPairs(pairs), overdispersion, brief },
        shareLimits(objective, comparable),
      );
    case 'latency-mean':
      return valueLimits(objective, comparable).map((limit) => meanTest(metric, pairs, { limit, history }));
    default:
      return valueLimits(objective, comparable).map((limit) => gaugeTest(metric, pairs, { limit, history }));
  }
}

/** Returns the errors of both versions. */
export function errorPairs(pairs: readonly Pair[]): CountPair[] {
  const errors = (sample: Sample | undefined): Count | undefined => sample && { n: sample.requests, e: sample.errors };
  return pairs.map(({ baseline, candidate }) => ({ baseline: errors(baseline), candidate: errors(candidate) }));
}
