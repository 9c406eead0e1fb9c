import type { SampleRequest } from '../release/evaluation.js';
import { countedKindOf, type PromqlMetrics, queriesOf } from './custom/promql-metric.js';
import { builtInMetrics, type ListedMetric, unitOf } from './listed-metric.js';
import { type Placed, placesOf } from './places-of.js';
import { deploymentOf } from './read-columns.js';
import { columnQuery, selectionOf } from './telemetry/column-query.js';
import type { TelemetryChoice } from './telemetry/registry.js';
import { replicasQuery } from './telemetry/replicas-query.js';
import type { Column, Telemetry } from './telemetry/telemetry.js';
import { valuesOf } from './variables.js';

interface Settings {
  readonly telemetry?: TelemetryChoice | undefined;
  readonly custom?: PromqlMetrics | undefined;
}

/** Returns the metrics of these versions with the queries that a read asks for them. */
export function listPromql({ telemetry, custom = {} }: Settings, request: SampleRequest): ListedMetric[] {
  const groups = new Map<Telemetry, Placed[]>();
  for (const place of placesOf(request.subjects, telemetry).values()) {
    if (!('missing' in place)) groups.set(place.telemetry, [...(groups.get(place.telemetry) ?? []), place]);
  }
  const builtIn = builtInMetrics.map((name) => {
    const queries = [...groups].flatMap(([each, placed]) => queriesFor(name, each, { placed, request }));
    return { name, kind: 'built-in', unit: unitOf(name), queries };
  });
  const values = request.subjects.map((subject) => valuesOf(subject, request));
  const own = Object.entries(custom).map(([name, metric]) => {
    const groupsOf = metric.by === undefined ? values.map((each) => [each]) : [values];
    const { kind, unit, preferredDirection } = metric;
    const queries = groupsOf.flatMap((group) => queriesOf(metric, group));
    return { name, kind, counted: countedKindOf(metric), unit, preferredDirection, queries };
  });
  return [...builtIn, ...own];
}

interface Of {
  readonly placed: readonly Placed[];
  readonly request: SampleRequest;
}

function queriesFor(name: string, telemetry: Telemetry, { placed, request }: Of): string[] {
  if (name === 'available-replicas') return replicas(telemetry, placed);
  const identities = placed.flatMap((each) => each.identities);
  const selection = selectionOf(telemetry, identities, request.interval);
  return columnsOf(name, telemetry).map((column) => columnQuery(telemetry, column, selection));
}

function columnsOf(name: string, { leavesUntimed = false }: Telemetry): Column[] {
  if (name === 'request-count' || name === 'request-rate') return ['requests'];
  if (name === 'error-rate') return ['errors', 'requests'];
  if (name === 'latency-mean') return ['latency', leavesUntimed ? 'timed' : 'requests'];
  return ['buckets'];
}

function replicas(telemetry: Telemetry, placed: readonly Placed[]): string[] {
  const keys = placed.flatMap(({ subject }) => {
    const key = deploymentOf(telemetry, subject);
    return key === undefined ? [] : [key];
  });
  return keys.length === 0 ? [] : [replicasQuery(telemetry, keys)];
}
