import type { Subject } from '../release/evaluation.js';

/** What is read of every subject, and the Istio counter that holds it. */
export const istioCounters = {
  requests: 'istio_requests_total',
  errors: 'istio_requests_total{response_code=~"5.."}',
  latency: 'istio_request_duration_milliseconds_sum',
  buckets: 'istio_request_duration_milliseconds_bucket',
} as const;

/** `requests` and `errors` are counts, `latency` is a sum in milliseconds, `buckets` are counts by the bound of `le`. */
export type IstioMetric = keyof typeof istioCounters;

/** The labels that tell subjects apart, in the order in which the queries group by them. */
export const istioLabels = {
  reporter: 'reporter',
  namespace: 'destination_service_namespace',
  service: 'destination_service_name',
} as const satisfies Record<keyof Subject, string>;

/** The label that holds the bound of a bucket, in milliseconds. */
export const bucketLabel = 'le';

/** Which series a query takes, each list without duplicates, and over how many seconds it counts. */
export interface IstioSelection {
  readonly reporters: readonly string[];
  readonly namespaces: readonly string[];
  readonly services: readonly string[];
  readonly interval: number;
}

/** A query taken apart again. */
export interface ParsedIstioQuery {
  readonly metric: IstioMetric;
  readonly selection: IstioSelection;
}

/**
 * Returns what to select for these subjects; the order of the subjects does not matter.
 * The lists are matched independently, so an answer may hold combinations that nobody asked for.
 */
export function istioSelection(subjects: readonly Subject[], interval: number): IstioSelection {
  const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
  return {
    reporters: sorted(subjects.map(({ reporter }) => reporter)),
    namespaces: sorted(subjects.map(({ namespace }) => namespace)),
    services: sorted(subjects.map(({ service }) => service)),
    interval,
  };
}

/**
 * Returns the PromQL that gives, per subject, the increase of the metric over the interval before each point.
 *
 * It groups by the Service of the version and not by workload: of a request that no upstream took (a 503 of the
 * caller's proxy) only the Service is known.
 *
 * As with every `increase`, what a counter holds when it is scraped for the first time is not counted: the first
 * 5xx of a version, up to that scrape, are missing from `errors` and `requests` alike.
 */
export function istioQuery(metric: IstioMetric, selection: IstioSelection): string {
  if (metric === 'latency') return increase(istioCounters.latency, selection);
  if (metric === 'buckets') return increase(istioCounters.buckets, selection, { by: [bucketLabel] });
  const requests = increase(istioCounters.requests, selection);
  if (metric === 'requests') return requests;
  const errors = increase(istioCounters.requests, selection, { where: ['response_code=~"5.."'] });
  // A counter of errors appears with the first error. Both sides carry the same labels, so `or` adds the right side
  // only for subjects that the left side lacks: 0 errors where there are requests, and nothing where there are none.
  return `${errors} or 0 * ${requests}`;
}

function matchers({ reporters, namespaces, services }: IstioSelection): readonly string[] {
  return [
    `${istioLabels.reporter}=~${oneOf(reporters)}`,
    `${istioLabels.namespace}=~${oneOf(namespaces)}`,
    `${istioLabels.service}=~${oneOf(services)}`,
  ];
}

interface Detail {
  readonly where?: readonly string[];
  readonly by?: readonly string[];
}

function increase(counter: string, selection: IstioSelection, { where = [], by = [] }: Detail = {}): string {
  const labels = [...Object.values(istioLabels), ...by].join(', ');
  const matching = [...matchers(selection), ...where].join(', ');
  return `sum by (${labels}) (increase(${counter}{${matching}}[${selection.interval}s]))`;
}

/**
 * Returns a PromQL string whose content is an RE2 expression that matches exactly these texts.
 * JSON's escapes are a subset of those of PromQL, and Prometheus anchors every label matcher itself.
 */
function oneOf(texts: readonly string[]): string {
  return JSON.stringify(texts.map((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')).join('|'));
}

/**
 * Returns what a text of `istioQuery` asks for, and undefined for any other text.
 * Whatever was read is written again and compared, so the two cannot drift apart.
 */
export function parseIstioQuery(query: string): ParsedIstioQuery | undefined {
  const interval = Number(/\[(\d+)s\]\)\)$/.exec(query)?.[1]);
  const reporters = namesMatchedBy(istioLabels.reporter, query);
  const namespaces = namesMatchedBy(istioLabels.namespace, query);
  const services = namesMatchedBy(istioLabels.service, query);
  if (reporters === undefined || namespaces === undefined || services === undefined) return undefined;

  const selection = { reporters, namespaces, services, interval };
  const metrics = Object.keys(istioCounters) as readonly IstioMetric[];
  const metric = metrics.find((candidate) => istioQuery(candidate, selection) === query);
  return metric === undefined ? undefined : { metric, selection };
}

function namesMatchedBy(label: string, query: string): readonly string[] | undefined {
  const literal = new RegExp(`[{ ]${label}=~("(?:[^"\\\\]|\\\\.)*")`).exec(query)?.[1];
  if (literal === undefined) return undefined;
  return alternatives(unquote(literal));
}

function unquote(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    // PromQL has escapes that JSON has not; `oneOf` writes none of them.
    return '';
  }
}

function alternatives(pattern: string): readonly string[] {
  const names = [''];
  for (const [, escaped, plain] of pattern.matchAll(/\\(.)|([^\\])/gsu)) {
    if (plain === '|') names.push('');
    else names.push(`${names.pop()}${escaped ?? plain}`);
  }
  return names;
}
