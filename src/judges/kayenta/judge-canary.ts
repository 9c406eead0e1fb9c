import { ConfigError } from '../../errors.js';
import type { CanaryConfig, ScoreThresholds } from './canary-config.js';
import { judgeMetric, type MetricPair, type MetricResult } from './judge-metric.js';
import { type Score, scoreMetrics } from './score-metrics.js';

/** One judgement, as Kayenta is asked for it. */
export interface CanaryCase {
  readonly config: Pick<CanaryConfig, 'metrics' | 'classifier'>;
  /** They come with the request; those of the config are for whoever makes it. */
  readonly thresholds: ScoreThresholds;
  /** Only what is given here is judged: a metric of the config without a pair does not count. */
  readonly pairs: readonly MetricPair[];
}

/** The answer, with muted metrics among `metrics`, in the order of the pairs. */
export interface CanaryResult extends Score {
  readonly metrics: readonly MetricResult[];
}

/**
 * Judges a canary as Kayenta's NetflixACAJudge-v1.0 does. The order of the points has no part in it, but
 * for the last digit of a ratio.
 *
 * @throws ConfigError when a pair belongs to no metric of the config, as nothing says how to judge it
 */
export function judgeCanary({ config, thresholds, pairs }: CanaryCase): CanaryResult {
  const metricsByName = new Map(config.metrics.map((metric) => [metric.name, metric]));
  const judged = pairs.map((pair) => {
    const metric = metricsByName.get(pair.name);
    if (metric === undefined) throw unknownMetric(pair.name, [...metricsByName.keys()]);
    return { metric, result: judgeMetric(pair, metric) };
  });
  const counted = judged.filter(({ metric }) => !metric.analysisConfigurations.canary.muted);
  const scored = counted.map(({ metric, result }) => ({ ...result, groups: metric.groups }));
  const score = scoreMetrics(scored, { weights: config.classifier.groupWeights, thresholds });
  return { metrics: judged.map(({ result }) => result), ...score };
}

function unknownMetric(name: string, known: readonly string[]): ConfigError {
  return new ConfigError(`Cannot judge the metric ${name} as the canary config has it: it has none of that name`, {
    code: 'judges/unknown-metric',
    hint: `Its metrics are: ${known.join(', ') || 'none'}.`,
  });
}
