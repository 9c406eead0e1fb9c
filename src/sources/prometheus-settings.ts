import * as z from 'zod';
import { accessFaults, accessShape, openAccess } from './access.js';
import { countedKindOf, PromqlMetrics, promqlFaults } from './custom/promql-metric.js';
import { readPromql } from './custom/read-promql.js';
import { type ReadCustom, withCustom } from './custom/with-custom.js';
import { endpoint } from './endpoint.js';
import { listPromql } from './list-promql.js';
import { MetricsUrl } from './metrics-url.js';
import { type PrometheusOptions, prometheus } from './prometheus.js';
import { rangePath } from './query-range.js';
import { sourceKind } from './source-kind.js';
import { defaultTelemetry, type TelemetryId, telemetries } from './telemetry/registry.js';
import { withTimeLimit } from './time-limit.js';

/** What counts for the environments, by their ids, where it is not what does by default. */
const Telemetry = z.strictObject(
  mapValues(defaultTelemetry, () => z.enum(Object.keys(telemetries) as [TelemetryId]).optional()),
);

/** `metrics` in sluice.yaml for Prometheus, and for what speaks its HTTP API. */
export const prometheusKind = sourceKind({
  shape: { url: MetricsUrl, telemetry: Telemetry.optional(), custom: PromqlMetrics.optional(), ...accessShape },
  waits: true,
  faults: (settings) => [...accessFaults(settings), ...promqlFaults(settings.custom)],
  metrics: listPromql,
  open(settings, surroundings) {
    const options = { ...settings, ...openAccess(settings, surroundings) };
    const defined = Object.entries(settings.custom ?? {}).map(
      ([name, metric]) => [name, countedKindOf(metric)] as const,
    );
    return withCustom(prometheus(options), new Map(defined), customReader(options));
  },
});

interface CustomOptions extends PrometheusOptions {
  readonly custom?: PromqlMetrics | undefined;
}

/** Returns what reads metrics of one's own, within a time limit of its own beside that of the traffic. */
function customReader({ url, timeout, headers, custom = {}, fetch = globalThis.fetch }: CustomOptions): ReadCustom {
  const target = endpoint(url, rangePath, { headers });
  return (request, wanted) =>
    withTimeLimit(target, timeout, async (limit) => {
      const columns = Object.entries(wanted).map(async ([name, subjects]) => {
        const metric = custom[name];
        if (metric === undefined) return [];
        return [[name, await readPromql(target, { name, metric, subjects, request }, { fetch, limit })] as const];
      });
      return Object.fromEntries((await Promise.all(columns)).flat());
    });
}

function mapValues<Key extends string, Value>(keys: Readonly<Record<Key, unknown>>, make: () => Value) {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, make()])) as Record<Key, Value>;
}
