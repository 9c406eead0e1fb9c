import * as z from 'zod';
import type { Counts } from '../../release/evaluation.js';
import { histogramCounts, meanCounts, ratioCounts } from '../custom/counts.js';
import type { CountedKind } from '../custom/metric-file.js';

/** What one window has: a number as text, counts, or words on what it is instead. */
export type Point = string | Counts | Unreadable;

interface Unreadable {
  readonly unreadable: string;
}

/** What an expression gave, by the end of its window. */
export type Points = ReadonlyMap<number, Point>;

/**
 * Returns the value of one window: a number, or the counts of a metric that is counted. Nothing, also as `null`, is no value.
 *
 * @param end of the window, Unix seconds
 */
export function onePoint(result: unknown, end: number, counted?: CountedKind): Points {
  const value = pointIn(result, counted);
  return value === undefined ? new Map() : new Map([[end, value]]);
}

/** Returns the values of many windows: a list of `{end, value}`. JSONata gives a list of one as the one. */
export function manyPoints(result: unknown, counted?: CountedKind): Points | Unreadable {
  if (result === undefined || result === null) return new Map();
  const points = new Map<number, Point>();
  for (const point of Array.isArray(result) ? result : [result]) {
    if (!isPoint(point)) return { unreadable: `${kindOf(point)} in place of {end, value}` };
    const value = pointIn(point.value, counted);
    if (value !== undefined) points.set(point.end, value);
  }
  return points;
}

/** Whether it is neither a number nor counts. */
export function isUnreadable(point: Point | undefined): point is Unreadable {
  return typeof point === 'object' && 'unreadable' in point;
}

function isPoint(point: unknown): point is { readonly end: number; readonly value: unknown } {
  if (typeof point !== 'object' || point === null || !('end' in point)) return false;
  return typeof point.end === 'number';
}

function pointIn(value: unknown, counted: CountedKind | undefined): Point | undefined {
  if (value === undefined || value === null) return undefined;
  if (counted !== undefined) return countsIn(value, counted);
  return typeof value === 'number' ? `${value}` : { unreadable: `${kindOf(value)} in place of a number` };
}

/** Beyond it counts are not exact, and sums overflow. */
const Amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const Bucket = z.strictObject({ upTo: z.number(), count: Amount });

/** What an expression gives for each kind, with words on it for people. */
const shapes = {
  ratio: z.object({ events: Amount, count: Amount }),
  mean: z.object({ sum: Amount, count: Amount }),
  histogram: z.object({ count: Amount, buckets: z.union([z.array(Bucket), Bucket.transform((only) => [only])]) }),
};
const shapeWords = {
  ratio: '{count, events}, numbers from 0',
  mean: '{count, sum}, numbers from 0',
  histogram: '{count, buckets: [{upTo, count}]}, numbers from 0',
};

/** A window in which nothing was counted tells of nothing. */
function countsIn(value: unknown, kind: CountedKind): Counts | Unreadable | undefined {
  const amiss = { unreadable: `${kindOf(value)} in place of ${shapeWords[kind]}` };
  if (kind === 'ratio') {
    const { data } = shapes.ratio.safeParse(value);
    if (data === undefined) return amiss;
    if (data.events > data.count) return { unreadable: `${data.events} events of ${data.count}` };
    return ratioCounts(data.events, data.count);
  }
  if (kind === 'mean') {
    const { data } = shapes.mean.safeParse(value);
    return data === undefined ? amiss : meanCounts(data.sum, data.count);
  }
  const { data } = shapes.histogram.safeParse(value);
  if (data === undefined) return amiss;
  const values = data.buckets.map(({ upTo, count }) => ({ upTo, value: count }));
  return histogramCounts([...values, { upTo: Number.POSITIVE_INFINITY, value: data.count }]);
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  const kinds: Readonly<Record<string, string>> = { string: 'a text', object: 'a map', boolean: 'true or false' };
  return kinds[typeof value] ?? `a ${typeof value}`;
}
