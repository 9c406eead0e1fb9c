import * as z from 'zod';
import { fillPromql, promqlFault } from '../promql-template.js';
import type { Fault } from '../source-kind.js';
import { type NameVariable, names, type Values } from '../variables.js';
import { type CountedKind, descriptionShape, MetricName } from './metric-file.js';

/** What is asked of a metric: of a count the values above, of a ratio or a mean two, of a histogram its buckets. */
const queryKeys = ['query', 'of', 'events', 'sum', 'count', 'buckets'] as const;
type QueryKey = (typeof queryKeys)[number];

/**
 * The queries of each kind. Those of the first line are counted, so that judges have numbers of events; those of the second
 * give one value for each window.
 */
const counted = {
  ratio: ['events', 'of'],
  mean: ['sum', 'count'],
  histogram: ['buckets'],
} as const satisfies Record<CountedKind, readonly QueryKey[]>;
const valued = {
  counter: ['query'],
  ratio: ['query', 'of'],
  mean: ['query', 'of'],
  histogram: ['query'],
  gauge: ['query'],
} as const satisfies Record<string, readonly QueryKey[]>;

type Kind = keyof typeof valued;

const LabelName = z.string().regex(/^[a-zA-Z_]\w*$/, 'is no name of a label: use letters, digits and underscores');
const Query = z.string().min(1).optional();

/** A metric of one's own, asked in PromQL. */
export const PromqlMetric = z.strictObject({
  kind: z.enum(Object.keys(valued) as [Kind, ...Kind[]]),
  /** One value for each window; of a ratio or a mean what is above the line, of a histogram its buckets. */
  query: Query,
  /** Of a ratio: all of which `events` are counted. Beside `query`: what is below the line. */
  of: Query,
  /** Of a ratio: how many of them there were. */
  events: Query,
  /** Of a mean: of all values. */
  sum: Query,
  /** Of a mean: how many values. */
  count: Query,
  /** Of a histogram whose percentiles are judged by counts. */
  buckets: Query,
  /** Of a histogram with `query`. @default 95 */
  percentile: z.number().gt(0).lt(100).optional(),
  /** The labels of the answer that tell versions apart, by what they hold; with them one query is for all versions. */
  by: z.partialRecord(z.enum(names), LabelName).optional(),
  ...descriptionShape,
});

/** A metric of one's own, asked in PromQL. */
export type PromqlMetric = z.infer<typeof PromqlMetric>;

/** `metrics.custom` of Prometheus. */
export const PromqlMetrics = z.record(MetricName, PromqlMetric);

/** The metrics by their names. */
export type PromqlMetrics = z.infer<typeof PromqlMetrics>;

/** What tells versions apart whatever else is the same. */
const telling: readonly NameVariable[] = ['version', 'service', 'workload'];

/** Returns what is counted of a metric; undefined for one with a value for each window. */
export function countedKindOf({ kind, ...written }: PromqlMetric): CountedKind | undefined {
  if (kind === 'counter' || kind === 'gauge') return undefined;
  return counted[kind].some((key) => key !== 'of' && written[key] !== undefined) ? kind : undefined;
}

/** Returns the keys of the queries that a metric is asked by. */
function keysOf(metric: PromqlMetric): readonly QueryKey[] {
  const kind = countedKindOf(metric);
  return kind === undefined ? valued[metric.kind] : counted[kind];
}

/** Returns what is wrong with the metrics beyond their shape. */
export function promqlFaults(custom: PromqlMetrics = {}): Fault[] {
  return Object.entries(custom).flatMap(([name, metric]) => {
    return faultsOf(metric).map(([path, message]): Fault => [['custom', name, ...path], message]);
  });
}

function faultsOf(metric: PromqlMetric): Fault[] {
  const { kind, percentile, by } = metric;
  const many = by === undefined ? 'one' : 'all';
  const keys = keysOf(metric);
  return [
    ...queryKeys.flatMap((key): Fault[] => {
      const text = metric[key];
      if (text === undefined) return keys.includes(key) ? [[[key], missing(metric, key)]] : [];
      if (!keys.includes(key))
        return [[[key], `is nothing that ${asked(metric)} reads: take it out, or ${others(kind)}`]];
      const fault = promqlFault(text, many);
      return fault === undefined ? [] : [[[key], fault]];
    }),
    ...(percentile !== undefined && (kind !== 'histogram' || countedKindOf(metric) !== undefined)
      ? [[['percentile'], unreadPercentile(kind)] satisfies Fault]
      : []),
    ...(by !== undefined && !telling.some((name) => by[name] !== undefined)
      ? [[['by'], `tells no versions apart: name the label that holds the ${telling.join(', ')}`] satisfies Fault]
      : []),
  ];
}

function missing(metric: PromqlMetric, key: QueryKey): string {
  const { kind } = metric;
  if (key === 'of' && countedKindOf(metric) === undefined) return `is missing: a ${kind} divides query by it`;
  return key === 'query'
    ? `is missing: ${others(kind)}`
    : `is missing beside ${keysOf(metric).find((each) => each !== key)}`;
}

function asked(metric: PromqlMetric): string {
  return `a ${metric.kind}${countedKindOf(metric) === undefined ? '' : ` with ${keysOf(metric)[0]}`}`;
}

/** What may be written of a kind, those that are counted first. */
function others(kind: Kind): string {
  if (kind === 'counter' || kind === 'gauge') return 'give query alone, or make it a ratio or a mean';
  return `give ${counted[kind].join(' and ')}, or ${valued[kind].join(' and ')} for one value a window`;
}

function unreadPercentile(kind: Kind): string {
  return kind === 'histogram'
    ? 'is nothing that a histogram with buckets reads: name it in the objective, such as NAME-p95'
    : `is nothing that a ${kind} reads: take it out, or make it a histogram`;
}

/** Returns the queries of a metric for one version, or for all where it tells them apart. */
export function queriesOf(metric: PromqlMetric, values: readonly Values[]): string[] {
  return keysOf(metric).flatMap((key) => {
    const template = metric[key];
    return template === undefined ? [] : [fillPromql(template, values)];
  });
}
