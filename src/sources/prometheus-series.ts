import type { Subject } from '../release/evaluation.js';
import type { Endpoint } from './endpoint.js';
import { bucketLabel, istioLabels } from './istio-queries.js';
import type { BoundedValue } from './latency-buckets.js';
import { failure } from './post-form.js';
import type { PrometheusMatrix } from './prometheus-answer.js';

/** The values of one series as text, by end of window. */
export type Series = ReadonlyMap<number, string>;

/** The series of a bucket. */
export interface BucketSeries extends Pick<BoundedValue, 'upTo'> {
  readonly values: Series;
}

/** Returns what tells subjects apart. */
export function keyOfSubject({ reporter, namespace, service }: Subject): string {
  return JSON.stringify([reporter, namespace, service]);
}

/**
 * Returns the one series of every subject.
 *
 * @throws SourceError when a subject has two
 */
export function seriesBySubject(target: Endpoint, { data }: PrometheusMatrix): ReadonlyMap<string, Series> {
  const series = new Map<string, Series>();
  for (const { metric, values } of data.result) {
    const key = keyOf(metric);
    if (series.has(key)) throw duplicate(target, key);
    series.set(key, new Map(values));
  }
  return series;
}

/**
 * Returns the series of every subject's buckets. Those of one bound that is written in two ways, as `1` and `1.0` by an
 * older and a newer Prometheus, stay two.
 *
 * @throws SourceError when a subject has two for one text of a bound, or one for no bound
 */
export function bucketsBySubject(
  target: Endpoint,
  { data }: PrometheusMatrix,
): ReadonlyMap<string, readonly BucketSeries[]> {
  const seen = new Set<string>();
  const buckets = new Map<string, BucketSeries[]>();
  for (const { metric, values } of data.result) {
    const key = keyOf(metric);
    const bound = metric[bucketLabel] ?? '';
    if (seen.has(`${key} ${bound}`)) throw duplicate(target, `${key} up to ${bound}`);
    seen.add(`${key} ${bound}`);
    const own = buckets.get(key) ?? [];
    own.push({ upTo: parseBound(target, bound), values: new Map(values) });
    buckets.set(key, own);
  }
  return buckets;
}

function parseBound(target: Endpoint, bound: string): number {
  const upTo = bound === '+Inf' ? Number.POSITIVE_INFINITY : bound === '' ? Number.NaN : Number(bound);
  if (!Number.isNaN(upTo)) return upTo;
  throw failure(target, `Cannot read a bucket's bound as a number: ${JSON.stringify(bound.slice(0, 40))}`, {
    code: 'source/bucket-bound',
    hint: `Every series of a histogram's buckets has its bound in the label ${bucketLabel}: see what relabels it.`,
  });
}

function keyOf(metric: Readonly<Record<string, string>>): string {
  return JSON.stringify([metric[istioLabels.reporter], metric[istioLabels.namespace], metric[istioLabels.service]]);
}

function duplicate(target: Endpoint, what: string) {
  return failure(target, `Cannot read the answer of Prometheus as one series per version: two for ${what}`, {
    code: 'source/duplicate-series',
    hint: 'A proxy before Prometheus may add labels to what it merges: let it deduplicate.',
  });
}
