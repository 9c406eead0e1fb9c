import type { Counts } from '../../release/evaluation.js';
import { bucketQuantile } from '../../stats/bucket-quantile.js';
import { parseQuantity } from '../traffic-sample.js';
import { histogramCounts, meanCounts, ratioCounts } from './counts.js';
import { countedKindOf, type PromqlMetric } from './promql-metric.js';

/** What an answer holds of one version and one window: a value, or of a histogram one for each bound. */
export interface Found {
  readonly text: string;
  /** Of a bucket, as its label `le` has it. */
  readonly bound?: string | undefined;
}

/** Returns what a metric has by its figures, in the order of its queries: counts or a value; undefined where they are none. */
export function metricValue(metric: PromqlMetric, figures: readonly (readonly Found[])[]): Counts | number | undefined {
  const [first = [], second = []] = figures;
  const counted = countedKindOf(metric);
  if (counted === undefined) return oneValue(metric, first, second);
  if (counted === 'histogram') return histogramCounts(boundedIn(first));
  const [one, other] = [count(first[0]), count(second[0])];
  if (one === undefined || other === undefined) return undefined;
  return counted === 'ratio' ? ratioCounts(one, other) : meanCounts(one, other);
}

/** A text that is no number stays one, and spoils them all. */
function boundedIn(buckets: readonly Found[]): { upTo: number; value: string }[] {
  return buckets.map(({ text, bound }) => ({ upTo: boundIn(bound), value: Number.isNaN(boundIn(bound)) ? '' : text }));
}

function oneValue(
  { kind, percentile = 95 }: PromqlMetric,
  first: readonly Found[],
  second: readonly Found[],
): number | undefined {
  if (kind === 'histogram') return quantileOf(first, percentile / 100);
  const [value] = first;
  if (kind === 'gauge') return value && parseNumber(value.text);
  const above = count(value);
  if (kind === 'counter') return above;
  const below = count(second[0]);
  return above === undefined || below === undefined || below === 0 ? undefined : above / below;
}

function count(found: Found | undefined): number | undefined {
  const value = found && parseQuantity(found.text);
  return typeof value === 'number' ? value : undefined;
}

/** Prometheus also writes `NaN`, `+Inf` and `-Inf`. */
function parseNumber(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value;
}

function boundIn(bound = ''): number {
  return bound === '+Inf' ? Number.POSITIVE_INFINITY : (parseNumber(bound) ?? Number.NaN);
}

function quantileOf(buckets: readonly Found[], share: number): number | undefined {
  const counts = buckets.map(({ text, bound }) => {
    return { upTo: boundIn(bound), requests: count({ text }) ?? Number.NaN };
  });
  if (counts.some(({ upTo, requests }) => Number.isNaN(upTo) || Number.isNaN(requests))) return undefined;
  counts.sort((a, b) => a.upTo - b.upTo);
  const total = counts.at(-1);
  if (total?.upTo !== Number.POSITIVE_INFINITY) return undefined;
  const quantile = bucketQuantile(counts, { total: total.requests, share });
  // A value that lies beyond every bound is at least as bad as the last one, and nobody knows how bad.
  return quantile?.value;
}
