import { InternalError } from '../errors.js';
import type { Missing, SampleAnswer, SampleRequest, Source, Subject } from '../release/evaluation.js';
import type { Exchange } from './ask.js';
import { type Endpoint, endpoint } from './endpoint.js';
import { keyOfSubject, type Placed, placesOf } from './places-of.js';
import { countOf } from './query-range.js';
import { type Columns, readColumns } from './read-columns.js';
import { readPods } from './read-pods.js';
import { isAhead, sampleOf } from './sample-of.js';
import type { TelemetryChoice } from './telemetry/registry.js';
import type { Telemetry } from './telemetry/telemetry.js';
import { type TimeLimit, withTimeLimit } from './time-limit.js';
import { wantedOf } from './wanted-of.js';

/** Where Prometheus is, and how long to wait for it. */
export interface PrometheusOptions {
  /** http or https, perhaps with a path prefix, basic-auth credentials and a query. */
  readonly url: string;
  /** Seconds for all that one `read` asks. */
  readonly timeout: number;
  /** What every request carries, secrets among them. @default none */
  readonly headers?: { readonly [name: string]: string };
  /** @default - what counts for the environments by default */
  readonly telemetry?: TelemetryChoice | undefined;
  /** @default the global fetch */
  readonly fetch?: typeof fetch;
  /** Numbers from 0 to 1, by which tries are spread. @default Math.random */
  readonly random?: () => number;
}

/**
 * Returns the source that reads from Prometheus, or from what speaks its HTTP API, what meshes and gateways count.
 * However many subjects a request has, one read is three range queries per telemetry, sent at once, one more for
 * buckets and for replicas each, as many for those that are only shown, and one for those telemetries that leave requests untimed; of so many buckets that
 * one answer would be too large, a few more.
 *
 * @throws ConfigError when the URL is none
 *
 * @example
 *   const source = prometheus({ url: 'http://prometheus.monitoring:9090', timeout: 10 });
 *   const answer = await source.read({ subjects, interval: 60, firstEnd, lastEnd });
 */
export function prometheus(options: PrometheusOptions): Source {
  const target = endpoint(options.url, '/api/v1/query_range', { headers: options.headers });
  return {
    ...readerOf(target, options),
    together: () => readerOf(target, options, performance.now() + options.timeout * 1000),
  };
}

function readerOf(target: Endpoint, options: PrometheusOptions, endsAt?: number): Source {
  const { timeout, telemetry, fetch = globalThis.fetch, random } = options;
  return {
    async read(request) {
      const places = placesOf(request.subjects, telemetry);
      if (places.size === 0 || countOf(request) === 0) return toAnswer(request, places, new Map());
      const action = async (limit: TimeLimit) => {
        const columns = await readAll(target, { request, places }, { fetch, limit, random });
        return toAnswer(request, places, columns);
      };
      return withTimeLimit(target, timeout, action, endsAt);
    },
    pods(request) {
      const action = (limit: TimeLimit) => readPods(target, { request, telemetry, exchange: { fetch, limit, random } });
      return withTimeLimit(target, timeout, action, endsAt);
    },
  };
}

type Places = ReadonlyMap<string, Placed | Missing>;

interface Asked {
  readonly request: SampleRequest;
  readonly places: Places;
}

/** Returns the columns of every telemetry that counts one of the subjects. */
async function readAll(
  target: Endpoint,
  { request, places }: Asked,
  exchange: Exchange,
): Promise<ReadonlyMap<Telemetry, Columns>> {
  const groups = new Map<Telemetry, Placed[]>();
  for (const place of places.values()) {
    if ('missing' in place) continue;
    const group = groups.get(place.telemetry) ?? [];
    group.push(place);
    groups.set(place.telemetry, group);
  }
  const judged = keysFor(request);
  const shown = keysFor(request.shown ?? {});
  const columns = [...groups].map(async ([telemetry, placed]) => {
    const among = (keys: ReadonlySet<string>, but?: ReadonlySet<string>) =>
      placed.filter(({ subject }) => keys.has(keyOfSubject(subject)) && !but?.has(keyOfSubject(subject)));
    const further = ({ spread, replicated }: Keys, but?: Keys) => ({
      bucketsOf: among(spread, but?.spread),
      replicasOf:
        telemetry.deployment === undefined ? [] : among(replicated, but?.replicated).map(({ subject }) => subject),
    });
    const wanted = { telemetry, placed, ...further(judged), shown: further(shown, judged) };
    return [telemetry, await readColumns(target, wanted, { request, exchange })] as const;
  });
  return new Map(await Promise.all(columns));
}

/** Of whom buckets and replicas are wanted. */
interface Keys {
  readonly spread: ReadonlySet<string>;
  readonly replicated: ReadonlySet<string>;
}

function keysFor({ bucketsOf, gaugesOf }: Pick<SampleRequest, 'bucketsOf' | 'gaugesOf'>): Keys {
  return { spread: keysOf(bucketsOf), replicated: keysOf(gaugesOf?.['available-replicas']) };
}

function toAnswer(request: SampleRequest, places: Places, columns: ReadonlyMap<Telemetry, Columns>): SampleAnswer {
  const { interval } = request;
  const { bucketsOf, gaugesOf } = wantedOf(request);
  const [spread, needed] = [keysOf(bucketsOf), keysOf(request.bucketsOf)];
  const gauges = Object.entries(gaugesOf).map(([metric, of]) => [metric, keysOf(of)] as const);
  const found = [...columns.values()].flatMap(({ requests, errors, latency, timed, buckets, replicas }) =>
    [requests, errors, latency, timed, ...buckets, ...replicas].filter((each) => each !== undefined),
  );
  const warnings = [...found, ...columns.values()].flatMap((each) => each.warnings);
  return {
    warnings: [...new Set([...warnings, ...clockWarnings(request, columns)])],
    queries: found.map(({ query }) => query),
    sample(subject, end) {
      const key = keyOfSubject(subject);
      const place = places.get(key);
      if (place === undefined || !isWindowOf(request, end)) throw notAsked(key, end);
      if ('missing' in place) return place;
      const own = columns.get(place.telemetry);
      if (own === undefined) throw notAsked(key, end);
      const wanted = gauges.filter(([, of]) => of.has(key)).map(([metric]) => metric);
      const window = (end - request.firstEnd) / interval;
      const buckets = needed.has(key) ? 'needed' : spread.has(key) && 'shown';
      return sampleOf(place, own, { end, window, interval, buckets, gauges: wanted });
    },
  };
}

function clockWarnings({ lastEnd }: SampleRequest, columns: ReadonlyMap<Telemetry, Columns>): string[] {
  const ahead = [...columns.values()].some((each) => isAhead(each, lastEnd));
  return ahead ? ['the newest windows are not over yet by the clock of Prometheus: the clock here is ahead'] : [];
}

function keysOf(subjects: readonly Subject[] = []): ReadonlySet<string> {
  return new Set(subjects.map(keyOfSubject));
}

function isWindowOf({ firstEnd, lastEnd, interval }: SampleRequest, end: number): boolean {
  return end >= firstEnd && end <= lastEnd && (end - firstEnd) % interval === 0;
}

function notAsked(key: string, end: number): InternalError {
  return new InternalError(`Cannot give a sample as one that was asked for: ${key} at ${end}`, {
    code: 'internal/sample-not-asked',
    hint: 'This is a defect of sluice: please report it.',
  });
}
