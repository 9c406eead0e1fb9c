import type { SampleRequest, Subject } from '../../release/evaluation.js';
import type { Exchange } from '../ask.js';
import type { Endpoint } from '../endpoint.js';
import { failure } from '../failure.js';
import { queryRange, type RangeAnswer } from '../query-range.js';
import { someAtOnce } from '../some-at-once.js';
import { names, type Values, valuesOf } from '../variables.js';
import { type Found, metricValue } from './metric-value.js';
import { type PromqlMetric, queriesOf } from './promql-metric.js';
import type { GaugeColumn } from './with-gauges.js';

const bucketLabel = 'le';

/** What is asked of one metric. */
export interface Wanted {
  readonly name: string;
  readonly metric: PromqlMetric;
  readonly subjects: readonly Subject[];
  readonly request: SampleRequest;
}

/**
 * Asks a metric of one's own: with `by` one query for all versions (two of a ratio or a mean), without it as many for each.
 *
 * @throws SourceError when an answer has several series where a version has one
 */
export async function readPromql(target: Endpoint, wanted: Wanted, exchange: Exchange): Promise<GaugeColumn> {
  const { metric, subjects, request } = wanted;
  const all = subjects.map((subject) => valuesOf(subject, request));
  const groups = metric.by === undefined ? all.map((values) => [values]) : [all];
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
    warnings: parts.flatMap(({ warnings }) => warnings),
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
      only ?? JSON.stringify(names.flatMap((each) => (by?.[each] === undefined ? [] : [labels[by[each]] ?? ''])));
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
