import { measure } from '../../judges/measure.js';
import { isToldAsAsked, resolvedRatio } from '../../judges/resolved-ratio.js';
import { show } from '../../judges/words.js';
import { type Analysis, isSample, percentileOf, type Sample } from '../../release/evaluation.js';
import { ownMetric } from '../../release/own-metric.js';

/** What buckets make of a ratio that is asked for. */
export interface Resolution {
  readonly metric: string;
  readonly maxRatio: number;
  /** From the least to the most, as far as nobody knows in which bucket the percentile of the primary lies. */
  readonly ratios: readonly [number, number] | undefined;
  /** Where that bucket ends, where it is known. */
  readonly bound: number | undefined;
  /** Above which harm is counted then; undefined where no bucket ends so far up. */
  readonly limit: number | undefined;
}

/** What is known of the buckets. */
interface Known {
  /** Where those of latencies end; undefined where nobody says so. */
  readonly bounds: readonly number[] | undefined;
  /** What was found of the primary. @default none */
  readonly samples?: readonly Sample[];
}

/**
 * Returns what buckets make of the ratios of percentiles that are judged by counts, where that is another ratio: of 1.2 with
 * bounds at 100, 250 and 500 ms it is 2 or 2.5.
 */
export function resolutionsOf(analysis: Analysis | undefined, { bounds, samples = [] }: Known): Resolution[] {
  if (analysis?.judge !== 'sequential') return [];
  return analysis.objectives.flatMap(({ metric, maxRatio }) => {
    if (maxRatio === undefined) return [];
    const end = measure(metric, samples)?.between?.[1];
    if (end !== undefined) return resolvedAt(end, { metric, maxRatio, bounds: boundsOf(metric, samples) });
    return percentileOf(metric) === undefined || bounds === undefined
      ? []
      : resolvedAnywhere({ metric, maxRatio, bounds });
  });
}

interface Asked extends Pick<Resolution, 'metric' | 'maxRatio'> {
  readonly bounds: readonly number[];
}

function resolvedAt(bound: number, { metric, maxRatio, bounds }: Asked): Resolution[] {
  const told = resolvedRatio(maxRatio, { bound, bounds });
  if (isToldAsAsked(maxRatio, told)) return [];
  const { limit, ratio } = told;
  return [{ metric, maxRatio, ratios: ratio === undefined ? undefined : [ratio, ratio], bound, limit }];
}

function resolvedAnywhere({ metric, maxRatio, bounds }: Asked): Resolution[] {
  const told = bounds.map((bound) => resolvedRatio(maxRatio, { bound, bounds }));
  const ratios = told.flatMap(({ ratio }) => ratio ?? []);
  if (ratios.length === 0 || told.every((each) => each.ratio === undefined || isToldAsAsked(maxRatio, each))) return [];
  return [{ metric, maxRatio, ratios: [Math.min(...ratios), Math.max(...ratios)], bound: undefined, limit: undefined }];
}

/** Of the newest window that tells of it. */
function boundsOf(metric: string, samples: readonly Sample[]): number[] {
  const own = ownMetric(metric, samples);
  const windows = own === undefined ? samples : samples.map(own.windowOf).filter(isSample);
  const newest = windows.findLast(({ latencyBuckets }) => latencyBuckets !== undefined);
  return newest?.latencyBuckets?.map(({ upTo }) => upTo) ?? [];
}

/** Returns such as `maxRatio 1.2 is 2 here: the buckets end at 250 ms, below which the percentile of the primary lies, and at 500 ms`. */
export function resolutionWords({ metric, maxRatio, ratios, bound, limit }: Resolution): string {
  const asked = `maxRatio ${maxRatio}`;
  if (bound === undefined) {
    const [from, to] = (ratios ?? []).map(brief);
    return `${asked} is ${from === to ? from : `${from} to ${to}`} by the buckets, as the percentile of the primary lies in them`;
  }
  const lies = `the percentile of the primary lies in the bucket up to ${show(metric, bound)}`;
  if (limit === undefined || ratios === undefined)
    return `${asked} is told by no bucket: ${lies}, and none ends so far above`;
  return `${asked} is ${brief(ratios[0])} by the buckets: ${lies}, and harm is counted above ${show(metric, limit)}`;
}

function brief(ratio: number): string {
  return String(Number(ratio.toPrecision(3)));
}
