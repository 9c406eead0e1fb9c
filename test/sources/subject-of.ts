import type { Subject } from '../../src/release/evaluation.js';
import { columnQuery, selectionOf } from '../../src/sources/telemetry/column-query.js';
import { istio } from '../../src/sources/telemetry/istio.js';
import type { Column, Identity, Telemetry } from '../../src/sources/telemetry/telemetry.js';

/** A version of reviews in the namespace default, called like its Service and its Deployment. */
export function subjectOf(version: string, more: Partial<Subject> = {}): Subject {
  const names = { release: 'reviews', version, service: version, workload: version };
  return { ...names, environment: 'istio', namespace: 'default', reporter: 'source', ...more };
}

/** The query by which a telemetry reads a column of these subjects, over as many seconds. */
export function queryOf(telemetry: Telemetry, column: Column, subjects: readonly Subject[], interval = 60): string {
  const identities = subjects.flatMap((subject): readonly Identity[] => {
    const found = telemetry.identify(subject);
    if ('missing' in found) throw new TypeError(found.missing);
    return found;
  });
  return columnQuery(telemetry, column, selectionOf(telemetry, identities, interval));
}

/** The query of Istio's counters. */
export function istioQuery(column: Column, subjects: readonly Subject[], interval = 60): string {
  return queryOf(istio, column, subjects, interval);
}
