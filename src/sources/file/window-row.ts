import type { Bucket, Counts, Missing, Sample } from '../../release/evaluation.js';
import { latencyBuckets } from '../latency-buckets.js';
import type { Extent } from '../sample-of.js';
import { trafficSample } from '../traffic-sample.js';

/** What a file says of one version in one window, each value as it was written. */
export interface WindowRow {
  /** Such as `windows.csv:7`. */
  readonly place: string;
  /** Undefined for any release. */
  readonly release: string | undefined;
  readonly version: string;
  /** Unix seconds. */
  readonly end: number;
  readonly requests: string | undefined;
  readonly errors: string | undefined;
  readonly latencySum: string | undefined;
  readonly buckets: readonly { readonly upTo: number; readonly value: string }[];
  readonly gauges: { readonly [metric: string]: number };
  readonly custom: { readonly [metric: string]: Counts };
}

/** Returns the sample that a row amounts to, or why it is none. */
export function sampleOfRow(row: WindowRow, { buckets }: Pick<Extent, 'buckets'>): Sample | Missing {
  const { place, requests, errors, latencySum: latency, gauges, custom } = row;
  const none = (name: string) => `no ${name} in ${place}`;
  const absence = { requests: none('requests'), errors: none('errors'), latency: none('latencySum') };
  const sample = trafficSample({ requests, errors, latency }, absence);
  if ('missing' in sample) return sample;
  const found = buckets ? bucketsOf(row, sample.requests) : undefined;
  const isMissing = found !== undefined && 'missing' in found;
  if (isMissing && buckets === 'needed') return found;
  const spread = isMissing ? undefined : found;
  return {
    ...sample,
    ...(spread !== undefined && { latencyBuckets: spread }),
    ...(Object.keys(gauges).length > 0 && { gauges }),
    ...(Object.keys(custom).length > 0 && { custom }),
  };
}

function bucketsOf({ buckets, place }: WindowRow, requests: number): readonly Bucket[] | Missing {
  const absence = `no buckets in ${place}`;
  if (buckets.length === 0) return { missing: absence };
  const all = [...buckets, { upTo: Number.POSITIVE_INFINITY, value: `${requests}` }];
  return latencyBuckets(all, { requests, absence });
}
