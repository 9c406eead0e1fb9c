import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { gaugeIds, metricIds, percentileOf } from '../release/evaluation.js';
import { inheritedWords, isInherited } from '../release/inherited-name.js';

/** What Iter8 calls them: the metrics that version 1 brought, those of version 2, and those that it measured by itself. */
const aliases = {
  iter8_request_count: 'request-count',
  iter8_error_rate: 'error-rate',
  'mean-latency': 'latency-mean',
  iter8_mean_latency: 'latency-mean',
  iter8_latency: 'latency-mean',
  '50th-percentile-tail-latency': 'latency-p50',
  '90th-percentile-tail-latency': 'latency-p90',
  '95th-percentile-tail-latency': 'latency-p95',
  '99th-percentile-tail-latency': 'latency-p99',
  'latency-50th-percentile': 'latency-p50',
  'latency-90th-percentile': 'latency-p90',
  'latency-95th-percentile': 'latency-p95',
  'latency-99th-percentile': 'latency-p99',
} as const satisfies Record<string, (typeof metricIds)[number]>;

type Alias = keyof typeof aliases;

/** Sums of Iter8's that follow from the shares that versions have, and what tells the same of each request. */
const sums = {
  iter8_error_count: 'error-rate',
  'error-count': 'error-rate',
  iter8_total_latency: 'latency-mean',
} as const satisfies Record<string, (typeof metricIds)[number]>;

/** The metrics that every source tells, as values files may call them. */
export const metricNames = [...metricIds, ...gaugeIds, ...(Object.keys(aliases) as Alias[])] as const;

/** Returns what a metric is called everywhere but in the values. */
export function metricNamed(name: string): string {
  return Object.hasOwn(aliases, name) ? aliases[name as Alias] : name;
}

/** Returns the metric to name in place of one of Iter8's that nobody measures; undefined for any other. */
export function metricInsteadOf(name: string): string | undefined {
  return Object.hasOwn(sums, name) ? sums[name as keyof typeof sums] : undefined;
}

/**
 * Returns the built-in metric that a name is, or that whoever wrote it most likely meant: a metric of one's own that is called
 * almost like it would make of every slip a metric that nobody measures.
 */
export function nearMetric(name: string): string | undefined {
  if (percentileOf(name) !== undefined) return name;
  return metricNames.find((known) => distance(name.toLowerCase(), known) <= mostSlips);
}

const mostSlips = 2;

/** A metric as values files call it: one that every source tells, or one of `metrics.custom` in sluice.yaml. */
export const Metric = z
  .string()
  // One of Iter8's begins with a digit.
  .regex(/^\w[\w.-]{0,62}$/, { error: ({ input }) => noName(String(input)) })
  .refine((name) => !isInherited(name), { error: `${inheritedWords}: use another one` })
  .refine((name) => isBuiltIn(name) || nearMetric(name) === undefined, {
    error: ({ input }) => slip(String(input)),
  })
  .meta({ examples: [...metricNames] });

function isBuiltIn(name: string): boolean {
  return metricNames.some((known) => known === name);
}

function noName(name: string): string {
  const own = /^[\w.-]+\/(\w[\w.-]{0,62})$/.exec(name)?.[1];
  if (own !== undefined) return `has a namespace, which metrics have none of here: write ${own}`;
  return 'is no name of a metric: use letters, digits, dots, dashes and underscores';
}

function slip(name: string): string {
  const share = /^(?:latency-(\d{1,2})th-percentile|(\d{1,2})th-percentile-tail-latency|latency-p(\d.*))$/.exec(name);
  if (share !== null) {
    const percentiles = metricIds.filter((each) => percentileOf(each) !== undefined);
    return `is no percentile that is measured: those are ${percentiles.join(', ')}`;
  }
  const near = metricNames.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
  const known = [...metricIds, ...gaugeIds].join(', ');
  return `is no metric that is built in, and almost called like one: did you mean ${near}? Built in are ${known}`;
}
