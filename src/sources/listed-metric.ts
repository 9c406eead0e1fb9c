import { gaugeIds, metricIds } from '../release/evaluation.js';
import { ownPercentileOf } from '../release/own-metric.js';
import type { CountedKind } from './custom/metric-file.js';

/** A metric with what is asked for it. */
export interface ListedMetric {
  readonly name: string;
  /** `built-in`, or what sort of metric of one's own it is. */
  readonly kind: string;
  /** What is counted of it, in place of one value for each window; objectives name a percentile of a histogram. */
  readonly counted?: CountedKind | undefined;
  readonly unit?: string | undefined;
  readonly preferredDirection?: 'high' | 'low' | undefined;
  /** In the language of the source; several are put together. */
  readonly queries: readonly string[];
}

/** The metrics that are told of every version, in the order in which people read them. */
export const builtInMetrics = [...metricIds, ...gaugeIds];

/** Returns what a metric that is built in is counted in; undefined for a share and for any other. */
export function unitOf(metric: string): string | undefined {
  const units: Readonly<Record<string, string>> = {
    'request-count': 'requests',
    'request-rate': 'requests/s',
    'available-replicas': 'pods',
  };
  return metric.startsWith('latency-') ? 'ms' : units[metric];
}

/** Returns the metric that an objective asks for: the one of that name, or the histogram of which it is a percentile. */
export function listedAs(name: string, listed: readonly ListedMetric[]): ListedMetric | undefined {
  const own = listed.find((each) => each.name === name && each.counted !== 'histogram');
  const histogram = ownPercentileOf(name)?.histogram;
  return own ?? listed.find((each) => each.name === histogram && each.counted === 'histogram');
}
