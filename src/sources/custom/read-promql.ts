import type { SampleRequest, Subject } from '../../release/evaluation.js';
import type { Exchange } from '../ask.js';
import type { Endpoint } from '../endpoint.js';
import { failure } from '../failure.js';
import { labelIn } from '../prometheus-series.js';
import { queryRange, type RangeAnswer } from '../query-range.js';
import { bucketSubjects } from '../read-columns.js';
import { someAtOnce } from '../some-at-once.js';
import { names, type Values, valuesOf } from '../variables.js';
import { type Found, metricValue } from './metric-value.js';
import { countedKindOf, type PromqlMetric, queriesOf } from './promql-metric.js';
import type { CustomColumn } from './with-custom.js';

const bucketLabel = 'le';

/** What is asked of one metric. */
export interface Wanted {
  readonly name: string;
  readonly metric: PromqlMetric;
  readonly subjects: readonly Subject[];
  readonly request: SampleRequest;
}

/**
 * Asks a metric of one's own: with `by` one query for all versions (two of a ratio or a mean, and more of so many buckets that
 * one answer would be too large), without it as many for each.
 *
 * @throws SourceError when an answer has several series where a version has one
 */
export async function readPromql(target: Endpoint, wanted: Wanted, exchange: Exchange): Promise<CustomColumn> {
  const { metric, subjects, request } = wanted;
  const all = subjects.map((subject) => valuesOf(subject, request));
  const groups = groupsOf(metric, all, request);
  const parts = await someAtOnce(groups, async (group) => {
    const queries = queriesOf(metric, group);
    const answers = await Promise.all(
      queries.map((query) => queryRange(target, { query, ...windowsOf(request) }, exchange)),
    );
    const found = answers.map((answer) => foundIn(target, wanted, group, answer));
    return { queries, warnings: answers.flatMap(({ warnings }) => warnings), found };
  });
  const figures = new Map(
    parts.flatMap(({ found }, part) => keysOf(metric, groups[part] ?? []).map((key) => [key, found])),
  );
  return {
    queries: parts.flatMap(({ queries }) => queries),
    warnings: [...parts.flatMap(({ warnings }) => warnings), ...parts.flatMap(({ found }) => excessIn(wanted, found))],
    value(subject, end) {
      const key = keyOf(metric, valuesOf(subject, request));
      const found = figures.get(key) ?? [];
      return metricValue(
        metric,
        found.map((byKey) => byKey.get(key)?.get(end) ?? []),
      );
    },
  };
}

/** Returns which versions a query is for. */
function groupsOf(
  metric: PromqlMetric,
  all: readonly Values[],
  request: SampleRequest,
): readonly (readonly Values[])[] {
  if (metric.by === undefined) return all.map((values) => [values]);
  if (countedKindOf(metric) !== 'histogram') return [all];
  const most = bucketSubjects(request);
  return Array.from({ length: Math.ceil(all.length / most) }, (_, at) => all.slice(at * most, (at + 1) * most));
}

/** A ratio of more than 1 is a mistake in its queries, and judged by nobody. */
function excessIn({ name, metric }: Wanted, found: readonly ReadonlyMap<string, ByEnd>[]): string[] {
  if (countedKindOf(metric) !== 'ratio') return [];
  const [events, all] = found;
  for (const [key, byEnd] of events ?? []) {
    for (const [end, [counted]] of byEnd) {
      const total = all?.get(key)?.get(end)?.[0];
      // The same series summed in another order may differ in the last bits.
      if (counted === undefined || total === undefined || !(Number(counted.text) > Number(total.text) * (1 + 1e-9)))
        continue;
      return [`metrics.custom.${name} counts more events than there are of: ${counted.text} of ${total.text}`];
    }
  }
  return [];
}

type ByEnd = ReadonlyMap<number, readonly Found[]>;

/** Returns what an answer holds by version and window. */
function foundIn(
  target: Endpoint,
  { name, metric }: Wanted,
  group: readonly Values[],
  { data }: RangeAnswer,
): ReadonlyMap<string, ByEnd> {
  const { by, kind } = metric;
  const only = by === undefined && group[0] ? keyOf(metric, group[0]) : undefined;
  const found = new Map<string, Map<number, Found[]>>();
  const seen = new Set<string>();
  for (const { metric: labels, values } of data.result) {
    const key =
      only ?? JSON.stringify(names.flatMap((each) => (by?.[each] === undefined ? [] : [labelIn(labels, by[each])])));
    const bound = kind === 'histogram' ? (labels[bucketLabel] ?? '') : undefined;
    if (seen.has(`${key} ${bound}`)) throw several(target, name, key);
    seen.add(`${key} ${bound}`);
    const byEnd = found.get(key) ?? new Map<number, Found[]>();
    found.set(key, byEnd);
    for (const [end, text] of values) byEnd.set(end, [...(byEnd.get(end) ?? []), { text, bound }]);
  }
  return found;
}

function several(target: Endpoint, name: string, key: string) {
  return failure(target, `Cannot read metrics.custom.${name} as one series per version: several for ${key}`, {
    code: 'source/duplicate-series',
    hint: 'Sum them in its query: sum(…) without by, sum by (the labels of by) (…) with it, and le with those of a histogram.',
  });
}

function keysOf(metric: PromqlMetric, group: readonly Values[]): string[] {
  return group.map((values) => keyOf(metric, values));
}

/** What tells versions apart: the variables of `by`, or without it all of them. */
function keyOf({ by }: PromqlMetric, values: Values): string {
  return JSON.stringify(names.filter((name) => by === undefined || by[name] !== undefined).map((name) => values[name]));
}

function windowsOf({ interval, firstEnd, lastEnd }: SampleRequest) {
  return { interval, firstEnd, lastEnd };
}
