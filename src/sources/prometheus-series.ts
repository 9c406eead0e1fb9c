import type { Endpoint } from './endpoint.js';
import { failure } from './failure.js';
import type { BoundedValue } from './latency-buckets.js';
import { countOf, type RangeAnswer, type Windows } from './query-range.js';
import { bucketLabel, unitLabel } from './telemetry/column-query.js';
import type { Identity, Telemetry, Unit } from './telemetry/telemetry.js';
import { parseQuantity } from './traffic-sample.js';

/** The values of one series as text, by end of window. */
export type Series = ReadonlyMap<number, string>;

/** The series of a bucket. There are twenty times as many as of anything else, so they are kept small. */
export interface BucketSeries extends Pick<BoundedValue, 'upTo'> {
  /** Of every window; NaN for one without a count. */
  readonly counts: Float64Array;
  /** What was written of the others where there is something, by the number of the window. */
  readonly others: ReadonlyMap<number, string> | undefined;
}

type Labels = Readonly<Record<string, string>>;

/** Returns what tells series apart. */
export function keyOf(identity: Identity): string {
  return JSON.stringify(identity);
}

/**
 * Returns the one series of every identity, by its key.
 *
 * @throws SourceError when an identity has two
 */
export function seriesByIdentity(
  target: Endpoint,
  labels: readonly string[],
  { data }: RangeAnswer,
): ReadonlyMap<string, Series> {
  const series = new Map<string, Series>();
  for (const { metric, values } of data.result) {
    const key = keyIn(metric, labels);
    if (series.has(key)) throw duplicate(target, key);
    series.set(key, new Map(values));
  }
  return series;
}

/**
 * Returns the series of every identity's buckets. Those of one bound that is written in two ways, as `1` and `1.0` by an
 * older and a newer Prometheus, stay two.
 *
 * @throws SourceError when an identity has two for one text of a bound, or one for no bound
 */
export function bucketsByIdentity(
  target: Endpoint,
  { labels, generations }: Telemetry,
  { data, windows }: { readonly data: RangeAnswer['data']; readonly windows: Windows },
): ReadonlyMap<string, readonly BucketSeries[]> {
  const seen = new Set<string>();
  const buckets = new Map<string, BucketSeries[]>();
  for (const { metric, values } of data.result) {
    const key = keyIn(metric, labels);
    const bound = metric[bucketLabel] ?? '';
    const unit = (metric[unitLabel] as Unit | undefined) ?? generations[0]?.unit;
    const bucket = `${key} up to ${bound} ${unit}`;
    if (seen.has(bucket)) throw duplicate(target, bucket);
    seen.add(bucket);
    const own = buckets.get(key) ?? [];
    own.push({ upTo: milliseconds(parseBound(target, bound), unit), ...countsOf(values, windows) });
    buckets.set(key, own);
  }
  return buckets;
}

type Values = RangeAnswer['data']['result'][number]['values'];

function countsOf(values: Values, windows: Windows): Pick<BucketSeries, 'counts' | 'others'> {
  const counts = new Float64Array(countOf(windows)).fill(Number.NaN);
  const others = new Map<number, string>();
  for (const [end, text] of values) {
    const window = (end - windows.firstEnd) / windows.interval;
    const count = parseQuantity(text);
    if (typeof count === 'number') counts[window] = count;
    else others.set(window, text);
  }
  return { counts, others: others.size === 0 ? undefined : others };
}

/** Returns what a bucket holds in the window of that number; undefined for nothing. */
export function valueIn({ counts, others }: BucketSeries, window: number): string | number | undefined {
  const count = counts[window];
  return count === undefined || Number.isNaN(count) ? others?.get(window) : count;
}

/** In decimals, 0.07 s are 70 ms. */
function milliseconds(bound: number, unit: Unit | undefined): number {
  return unit === 's' && Number.isFinite(bound) ? Number((bound * 1000).toPrecision(12)) : bound;
}

function parseBound(target: Endpoint, bound: string): number {
  const upTo = bound === '+Inf' ? Number.POSITIVE_INFINITY : bound === '' ? Number.NaN : Number(bound);
  if (!Number.isNaN(upTo)) return upTo;
  throw failure(target, `Cannot read a bucket's bound as a number: ${JSON.stringify(bound.slice(0, 40))}`, {
    code: 'source/bucket-bound',
    hint: `Every series of a histogram's buckets has its bound in the label ${bucketLabel}: see what relabels it.`,
  });
}

function keyIn(metric: Labels, labels: readonly string[]): string {
  return keyOf(labels.map((label) => labelIn(metric, label)));
}

/** Returns what a label holds; nothing where it is not there. It may be called `constructor`, which every object has. */
export function labelIn(metric: Labels, label: string): string {
  return (Object.hasOwn(metric, label) ? metric[label] : undefined) ?? '';
}

function duplicate(target: Endpoint, what: string) {
  return failure(target, `Cannot read the answer of Prometheus as one series per version: two for ${what}`, {
    code: 'source/duplicate-series',
    hint: 'A proxy before Prometheus may add labels to what it merges: let it deduplicate.',
  });
}
