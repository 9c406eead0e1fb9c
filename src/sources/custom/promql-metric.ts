import * as z from 'zod';
import { fillPromql, promqlFault } from '../promql-template.js';
import type { Fault } from '../source-kind.js';
import { type NameVariable, names, type Values } from '../variables.js';
import { descriptionShape, MetricName } from './metric-file.js';

/** Which figures of a window a metric is made of. */
const kinds = ['counter', 'ratio', 'mean', 'histogram', 'gauge'] as const;

const LabelName = z.string().regex(/^[a-zA-Z_]\w*$/, 'is no name of a label: use letters, digits and underscores');

/** A metric of one's own, asked in PromQL. */
export const PromqlMetric = z.strictObject({
  kind: z.enum(kinds),
  /** The value of a window; of a ratio or a mean what is above the line, of a histogram its buckets. */
  query: z.string().min(1),
  /** Of a ratio or a mean: what is below the line. */
  of: z.string().min(1).optional(),
  /** Of a histogram. @default 95 */
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

/** Returns what is wrong with the metrics beyond their shape. */
export function promqlFaults(custom: PromqlMetrics = {}): Fault[] {
  return Object.entries(custom).flatMap(([name, metric]) => {
    return faultsOf(metric).map(([path, message]): Fault => [['custom', name, ...path], message]);
  });
}

function faultsOf({ kind, query, of, percentile, by }: PromqlMetric): Fault[] {
  const divides = kind === 'ratio' || kind === 'mean';
  const many = by === undefined ? 'one' : 'all';
  const queries = [['query', query] as const, ...(of === undefined ? [] : [['of', of] as const])];
  return [
    ...queries.flatMap(([key, text]): Fault[] => {
      const fault = promqlFault(text, many);
      return fault === undefined ? [] : [[[key], fault]];
    }),
    ...(divides && of === undefined
      ? [[['of'], `is missing: a ${kind} divides query by it`] satisfies Fault]
      : !divides && of !== undefined
        ? [[['of'], `is nothing that a ${kind} reads: take it out, or make it a ratio or a mean`] satisfies Fault]
        : []),
    ...(kind !== 'histogram' && percentile !== undefined
      ? [[['percentile'], `is nothing that a ${kind} reads: take it out, or make it a histogram`] satisfies Fault]
      : []),
    ...(by !== undefined && !telling.some((name) => by[name] !== undefined)
      ? [[['by'], `tells no versions apart: name the label that holds the ${telling.join(', ')}`] satisfies Fault]
      : []),
  ];
}

/** Returns the queries of a metric for one version, or for all where it tells them apart. */
export function queriesOf({ query, of }: PromqlMetric, values: readonly Values[]): string[] {
  return [query, ...(of === undefined ? [] : [of])].map((template) => fillPromql(template, values));
}
