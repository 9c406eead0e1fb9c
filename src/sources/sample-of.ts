import { isSample, type Missing, type Sample } from '../release/evaluation.js';
import { type BoundedValue, latencyBuckets } from './latency-buckets.js';
import type { Placed } from './places-of.js';
import { keyOf, type Series, valueIn } from './prometheus-series.js';
import { type Columns, deploymentOf, type Found } from './read-columns.js';
import { parseQuantity, trafficSample } from './traffic-sample.js';

/** What of a window is asked for, beside the traffic. */
export interface Extent {
  /** Unix seconds. */
  readonly end: number;
  /** Its number among the windows, from 0. */
  readonly window: number;
  /** Seconds. */
  readonly interval: number;
  /** Whether they are asked for; where they are only shown, a window without has a sample. */
  readonly buckets: 'needed' | 'shown' | false;
  /** The metrics that are wanted among the gauges. */
  readonly gauges: readonly string[];
}

/** Returns the sample of a subject in one window, or why there is none. */
export function sampleOf(place: Placed, columns: Columns, extent: Extent): Sample | Missing {
  const { telemetry } = place;
  const { end } = extent;
  if (isAhead(columns, end)) return { missing: 'not over yet by the clock of Prometheus' };
  const value = (found: Found<Series> | undefined) => total(place, found, end);
  const { requests, errors, latency, timed } = columns;
  const values = {
    requests: value(requests),
    errors: value(errors),
    latency: value(latency),
    ...(telemetry.leavesUntimed && { timed: value(timed) }),
  };
  const sample = trafficSample(values, place.absence);
  if (!isSample(sample)) return sample;
  const read = { place, columns, extent };
  const spread = extent.buckets ? withBuckets(sample, read) : sample;
  return isSample(spread) && extent.gauges.length > 0 ? withGauges(spread, read) : spread;
}

/**
 * Whether a window ends after Prometheus answered, since the clock here is ahead: what is there of it would be taken for
 * all of it. The time of an answer is told in whole seconds.
 */
export function isAhead({ requests: { asOf } }: Columns, end: number): boolean {
  return asOf !== undefined && end > asOf + 1;
}

/** Returns the value of a subject in one window: as it was written, or where several series count it, their sum. */
function total({ keys }: Placed, found: Found<Series> | undefined, end: number): string | undefined {
  const [only] = keys;
  if (only !== undefined && keys.length === 1) return found?.series.get(only)?.get(end);
  const texts = keys.flatMap((key) => found?.series.get(key)?.get(end) ?? []);
  if (texts.length < 2) return texts[0];
  const numbers = texts.map(parseQuantity);
  const unreadable = texts.find((_, i) => typeof numbers[i] !== 'number');
  return unreadable ?? `${numbers.reduce((sum: number, each) => sum + Number(each), 0)}`;
}

interface Read {
  readonly place: Placed;
  readonly columns: Columns;
  readonly extent: Extent;
}

function withBuckets(sample: Sample, { place, columns, extent: { window, buckets: asked } }: Read): Sample | Missing {
  const values: BoundedValue[] = [];
  for (const { series } of columns.buckets) {
    for (const key of place.keys) {
      for (const bucket of series.get(key) ?? []) {
        const value = valueIn(bucket, window);
        if (value !== undefined) values.push({ upTo: bucket.upTo, value });
      }
    }
  }
  const buckets = latencyBuckets(values, { requests: sample.requests, absence: place.absence.buckets });
  if (!('missing' in buckets)) return { ...sample, latencyBuckets: buckets };
  if (asked === 'shown') return sample;
  // That all requests failed and nobody timed them must not be lost for want of durations.
  return place.telemetry.leavesUntimed && sample.errors === sample.requests ? sample : buckets;
}

function withGauges(sample: Sample, of: Read): Sample {
  const gauges = of.extent.gauges.flatMap((metric) => {
    const value = gauge(metric, sample, of);
    return value === undefined ? [] : [[metric, value] as const];
  });
  return gauges.length === 0 ? sample : { ...sample, gauges: Object.fromEntries(gauges) };
}

function gauge(
  metric: string,
  { requests }: Sample,
  { place: { telemetry, subject }, columns, extent }: Read,
): number | undefined {
  if (metric === 'request-rate') return requests / extent.interval;
  if (metric !== 'available-replicas') return undefined;
  const deployment = deploymentOf(telemetry, subject);
  const texts = deployment && columns.replicas.map(({ series }) => series.get(keyOf(deployment))?.get(extent.end));
  const text = texts?.find((each) => each !== undefined);
  const value = text === undefined ? undefined : parseQuantity(text);
  return typeof value === 'number' ? value : undefined;
}
