import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { gaugeIds, metricIds, percentileOf } from '../release/evaluation.js';

/** What Iter8 calls them: the metrics that version 1 brought, and those of version 2. */
const aliases = {
  iter8_request_count: 'request-count',
  iter8_error_rate: 'error-rate',
  'mean-latency': 'latency-mean',
  iter8_mean_latency: 'latency-mean',
  iter8_latency: 'latency-mean',
  '95th-percentile-tail-latency': 'latency-p95',
} as const satisfies Record<string, (typeof metricIds)[number]>;

type Alias = keyof typeof aliases;

/** The metrics that every source tells, as values files may call them. */
export const metricNames = [...metricIds, ...gaugeIds, ...(Object.keys(aliases) as Alias[])] as const;

/** Returns what a metric is called everywhere but in the values. */
export function metricNamed(name: string): string {
  return Object.hasOwn(aliases, name) ? aliases[name as Alias] : name;
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
  .regex(/^\w[\w.-]{0,62}$/, 'is no name of a metric: use letters, digits, dots, dashes and underscores')
  .refine((name) => isBuiltIn(name) || nearMetric(name) === undefined, {
    error: ({ input }) => `is no metric that is built in, and almost called like one: ${suggestion(String(input))}`,
  })
  .meta({ examples: [...metricNames] });

function isBuiltIn(name: string): boolean {
  return metricNames.some((known) => known === name);
}

function suggestion(name: string): string {
  const near = metricNames.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
  return `did you mean ${near}? Built in are ${metricNames.join(', ')}`;
}
