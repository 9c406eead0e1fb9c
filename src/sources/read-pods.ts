import { isSample, type PodAnswer, type PodWindow, type SampleRequest, type Subject } from '../release/evaluation.js';
import type { Exchange } from './ask.js';
import type { Endpoint } from './endpoint.js';
import { keyOfSubject, type Placed, placesOf } from './places-of.js';
import { keyOf } from './prometheus-series.js';
import { countOf } from './query-range.js';
import { type Columns, readColumns } from './read-columns.js';
import { sampleOf } from './sample-of.js';
import { byPod } from './telemetry/by-pod.js';
import type { TelemetryChoice } from './telemetry/registry.js';
import type { Telemetry } from './telemetry/telemetry.js';

/** What is asked about, and how. */
export interface PodQuestion {
  readonly request: SampleRequest;
  readonly telemetry: TelemetryChoice | undefined;
  readonly exchange: Exchange;
}

/**
 * Reads what every pod of the subjects counted: three queries per telemetry, and one for buckets. Pods count for
 * themselves, so that the side of the callers, which does not know who answered, is not asked.
 */
export async function readPods(target: Endpoint, { request, telemetry, exchange }: PodQuestion): Promise<PodAnswer> {
  const own = (subjects: readonly Subject[] = []) =>
    subjects.map((each) => ({ ...each, reporter: 'destination' as const }));
  const places = placesOf(own(request.subjects), telemetry);
  const buckets = new Set(own(request.bucketsOf).map(keyOfSubject));
  const found = await Promise.all(
    groupsOf(places.values()).map(async ([counters, placed]) => {
      const bucketsOf = placed.filter(({ subject }) => buckets.has(keyOfSubject(subject)));
      const wanted = { telemetry: counters, placed, bucketsOf, replicasOf: [] };
      return { placed, columns: await readColumns(target, wanted, { request, exchange }) };
    }),
  );
  const sources = new Map<string, { readonly place: Placed; readonly columns: Columns }>();
  for (const { placed, columns } of found) {
    for (const place of placed) sources.set(keyOfSubject(place.subject), { place, columns });
  }
  return {
    // Made when it is asked for: what all pods did in four hours is too much to be kept at once.
    windows(subject) {
      const key = keyOfSubject({ ...subject, reporter: 'destination' });
      const source = sources.get(key);
      return source === undefined
        ? []
        : windowsOf(source.place, source.columns, { request, buckets: buckets.has(key) });
    },
    warnings: [...new Set(found.flatMap(({ columns }) => columns.requests.warnings))],
  };
}

/** Those whose pods are told apart. */
function groupsOf(places: ReturnType<ReturnType<typeof placesOf>['values']>): [Telemetry, Placed[]][] {
  const groups = new Map<string, [Telemetry, Placed[]]>();
  for (const place of places) {
    const counters = 'missing' in place ? undefined : byPod(place.telemetry);
    if ('missing' in place || counters === undefined) continue;
    const group = groups.get(counters.id) ?? [counters, []];
    group[1].push({ ...place, telemetry: counters });
    groups.set(counters.id, group);
  }
  return [...groups.values()];
}

/** Every pod at the same position in all windows. */
function windowsOf(
  place: Placed,
  columns: Columns,
  { request, buckets }: { readonly request: SampleRequest; readonly buckets: boolean },
): PodWindow[] {
  const identities = new Set(place.keys);
  const pods = new Map<string, string[]>();
  for (const key of columns.requests.series.keys()) {
    const labels = JSON.parse(key) as string[];
    const pod = labels.at(-1) ?? '';
    if (!identities.has(keyOf(labels.slice(0, -1)))) continue;
    pods.set(pod, [...(pods.get(pod) ?? []), key]);
  }
  const { firstEnd, interval } = request;
  return Array.from({ length: countOf(request) }, (_, window) => {
    const wanted = { buckets: buckets && ('needed' as const), gauges: [] };
    const extent = { end: firstEnd + window * interval, window, interval, ...wanted };
    return [...pods.values()].map((keys) => {
      const sample = sampleOf({ ...place, keys }, columns, extent);
      return isSample(sample) ? sample : undefined;
    });
  });
}
