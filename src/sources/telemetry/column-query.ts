import { oneOf } from '../promql.js';
import type { Column, Generation, Identity, Telemetry } from './telemetry.js';

/** The label that holds the bound of a bucket. */
export const bucketLabel = 'le';

/** The label that tells the unit of that bound, where two generations may differ in it. */
export const unitLabel = 'unit';

/** Which series a query takes, and over how many seconds it counts. */
export interface Selection {
  /** The values of every label, sorted and each once; a label that is not here has to be there. */
  readonly names: { readonly [label: string]: readonly string[] };
  readonly interval: number;
}

/**
 * Returns what to select for these identities; their order does not matter.
 * The lists are matched independently, so an answer may hold combinations that nobody asked for.
 */
export function selectionOf({ labels }: Telemetry, identities: readonly Identity[], interval: number): Selection {
  // Further labels, such as the pod, may have any value.
  const told = labels.slice(0, identities[0]?.length);
  const names = told.map((label, at) => {
    return [label, [...new Set(identities.map((values) => values[at] ?? ''))].sort()] as const;
  });
  return { names: Object.fromEntries(names), interval };
}

/**
 * Returns the PromQL that gives, per version, the increase of a column over the interval before each point.
 *
 * As with every `increase`, what a counter holds when it is scraped for the first time is not counted: the first
 * 5xx of a version, up to that scrape, are missing from `errors` and `requests` alike. A counter that begins again is
 * seen per series, which is why the sum is taken of increases.
 */
export function columnQuery(telemetry: Telemetry, column: Column, selection: Selection): string {
  const total = sum(telemetry, column, selection);
  if (column !== 'errors') return total;
  // A counter of errors appears with the first error. Both sides carry the same labels, so `or` adds the right side
  // only for versions that the left side lacks: 0 errors where there are requests, and nothing where there are none.
  return `${total} or 0 * ${sum(telemetry, 'requests', selection)}`;
}

/** Returns whether the bounds of its buckets come in more than one unit. */
export function tellsUnits({ generations }: Telemetry): boolean {
  return new Set(generations.map(({ unit }) => unit)).size > 1;
}

function sum(telemetry: Telemetry, column: Column, selection: Selection): string {
  const { labels, generations } = telemetry;
  const more = column === 'buckets' ? [bucketLabel, ...(tellsUnits(telemetry) ? [unitLabel] : [])] : [];
  const parts = generations.map((generation) => increase(telemetry, generation, { column, selection }));
  return `sum by (${[...labels, ...more].join(', ')}) (${parts.join(' or ')})`;
}

interface Asked {
  readonly column: Column;
  readonly selection: Selection;
}

function increase(telemetry: Telemetry, generation: Generation, { column, selection }: Asked): string {
  const { origins = {}, unit } = generation;
  const matching = matchers(telemetry, generation, { column, selection }).join(', ');
  const counted = `increase(${seriesName(generation, column)}{${matching}}[${selection.interval}s])`;
  const scaled = column === 'latency' && unit === 's' ? `1000 * ${counted}` : counted;
  const renamed = Object.entries(origins).filter(([label]) => telemetry.labels.includes(label));
  const named = renamed.reduce((text, [label, { label: from, suffix = '' }]) => {
    return `label_replace(${text}, "${label}", "$1", "${from}", ${JSON.stringify(`(.+)${suffix}`)})`;
  }, scaled);
  if (column !== 'buckets' || !tellsUnits(telemetry)) return named;
  return `label_replace(${named}, "${unitLabel}", "${unit}", "", "")`;
}

function matchers({ labels }: Telemetry, generation: Generation, { column, selection }: Asked): string[] {
  const { origins = {}, where = [], failed } = generation;
  const own = labels.map((label) => {
    const { label: from, suffix } = origins[label] ?? { label };
    const names = selection.names[label];
    return names === undefined ? `${from}!=""` : `${from}=~${oneOf(names, suffix)}`;
  });
  return [...own, ...where, ...(column === 'errors' ? [failed] : [])];
}

function seriesName({ requests, durations }: Generation, column: Column): string {
  const endings = { latency: '_sum', timed: '_count', buckets: '_bucket' };
  return column === 'requests' || column === 'errors' ? requests : `${durations}${endings[column]}`;
}
