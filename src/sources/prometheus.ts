import { InternalError } from '../errors.js';
import {
  isSample,
  type Missing,
  type Sample,
  type SampleAnswer,
  type SampleRequest,
  type Source,
  type Subject,
} from '../release/evaluation.js';
import { type Endpoint, endpoint } from './endpoint.js';
import { type IstioMetric, istioCounters, istioQuery, istioSelection } from './istio-queries.js';
import { latencyBuckets } from './latency-buckets.js';
import { excerpt, failure, postForm } from './post-form.js';
import { type PrometheusMatrix, readMatrix } from './prometheus-answer.js';
import {
  type BucketSeries,
  bucketsBySubject,
  keyOfSubject,
  type Series,
  seriesBySubject,
} from './prometheus-series.js';
import { trafficSample } from './traffic-sample.js';

/** Where Prometheus is, and how long to wait for it. */
export interface PrometheusOptions {
  /** http or https, perhaps with a path prefix, basic-auth credentials and a query. */
  readonly url: string;
  /** Seconds for all that one `read` asks. */
  readonly timeout: number;
  /** @default the global fetch */
  readonly fetch?: typeof fetch;
}

/** Prometheus refuses more points per series. */
const maxPoints = 11_000;
/** The windows of all subjects together in one answer of buckets: 20 to 40 MiB, as Envoy has twenty buckets. */
const maxBucketWindows = 50_000;
/** Milliseconds; setTimeout takes any more for none at all. */
const maxDelay = 2 ** 31 - 1;

/**
 * Returns the source that reads Istio's standard metrics from Prometheus, or from what speaks its HTTP API.
 * However many subjects a request has, one read is three range queries, sent at once, and a fourth for buckets; of so
 * many buckets that one answer would be too large, a few more.
 *
 * @throws ConfigError when the URL is none
 *
 * @example
 *   const source = prometheus({ url: 'http://prometheus.monitoring:9090', timeout: 10 });
 *   const answer = await source.read({ subjects, interval: 60, firstEnd, lastEnd });
 */
export function prometheus({ url, timeout, fetch = globalThis.fetch }: PrometheusOptions): Source {
  const target = endpoint(url, '/api/v1/query_range');
  return {
    async read(request) {
      const windows = windowsOf(request);
      if (request.subjects.length === 0 || windows === 0) return toAnswer(request, {});
      if (windows > maxPoints) throw tooManyPoints(target, windows);
      return withTimeout(target, timeout, (signal) => queryAll(target, request, { fetch, signal }));
    },
  };
}

function windowsOf({ firstEnd, lastEnd, interval }: SampleRequest): number {
  return Math.max(0, Math.floor((lastEnd - firstEnd) / interval) + 1);
}

function tooManyPoints(target: Endpoint, windows: number) {
  return failure(target, `Cannot query Prometheus for at most ${maxPoints} windows at once: ${windows}`, {
    code: 'source/too-many-points',
    hint: 'Set a longer interval or a shorter maxDuration under analysis, or start the analysis again.',
  });
}

/** Runs the action and aborts whatever it has left open when it is done, has failed, or takes too long. */
async function withTimeout<T>(
  target: Endpoint,
  seconds: number,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = failure(target, `Cannot read the metrics source within ${seconds} s: no complete answer`, {
    code: 'source/timeout',
    hint: 'Raise metrics.timeout in sluice.yaml, or see what keeps Prometheus busy.',
  });
  const timer = setTimeout(() => controller.abort(late), Math.min(seconds * 1000, maxDelay));
  try {
    return await action(controller.signal);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** One metric of all subjects: the query, and what there is by subject. */
interface Column<Found> {
  readonly query: string;
  readonly warnings: readonly string[];
  readonly series: ReadonlyMap<string, Found>;
}

interface Columns {
  readonly requests?: Column<Series>;
  readonly errors?: Column<Series>;
  readonly latency?: Column<Series>;
  readonly buckets?: readonly Column<readonly BucketSeries[]>[];
}

interface Exchange {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

async function queryAll(target: Endpoint, request: SampleRequest, exchange: Exchange): Promise<SampleAnswer> {
  const { subjects, bucketsOf = [], interval, firstEnd, lastEnd } = request;
  type Take<Found> = (target: Endpoint, matrix: PrometheusMatrix) => ReadonlyMap<string, Found>;
  const queryOne = async <Found>(metric: IstioMetric, of: readonly Subject[], take: Take<Found>) => {
    const query = istioQuery(metric, istioSelection(of, interval));
    const form = { query, start: `${firstEnd}`, end: `${lastEnd}`, step: `${interval}` };
    const matrix = readMatrix(target, await postForm(target, form, exchange));
    const warnings = [...matrix.warnings, ...matrix.infos].map((words) => excerpt(target, words));
    return { query, warnings, series: take(target, matrix) } satisfies Column<Found>;
  };
  const [requests, errors, latency, buckets] = await Promise.all([
    queryOne('requests', subjects, seriesBySubject),
    queryOne('errors', subjects, seriesBySubject),
    queryOne('latency', subjects, seriesBySubject),
    Promise.all(partsOf(bucketsOf, request).map((part) => queryOne('buckets', part, bucketsBySubject))),
  ]);
  return toAnswer(request, { requests, errors, latency, buckets });
}

function partsOf(subjects: readonly Subject[], request: SampleRequest): Subject[][] {
  const most = Math.max(1, Math.floor(maxBucketWindows / windowsOf(request)));
  const parts = Math.ceil(subjects.length / most);
  return Array.from({ length: parts }, (_, part) => subjects.slice(part * most, (part + 1) * most));
}

function toAnswer(request: SampleRequest, columns: Columns): SampleAnswer {
  const { requests, errors, latency, buckets = [] } = columns;
  const asked = new Set(request.subjects.map(keyOfSubject));
  const spread = new Set(request.bucketsOf?.map(keyOfSubject));
  const found = [requests, errors, latency, ...buckets].filter((column) => column !== undefined);
  return {
    warnings: [...new Set(found.flatMap(({ warnings }) => warnings))],
    queries: found.map(({ query }) => query),
    sample(subject, end) {
      const key = keyOfSubject(subject);
      if (!asked.has(key) || !isWindowOf(request, end)) throw notAsked(key, end);
      const value = (column: Column<Series> | undefined) => column?.series.get(key)?.get(end);
      const values = { requests: value(requests), errors: value(errors), latency: value(latency) };
      const absence = absenceOf(subject);
      const sample = trafficSample(values, absence);
      if (!isSample(sample) || !spread.has(key)) return sample;
      const part = buckets.find(({ series }) => series.has(key));
      return withBuckets(sample, { series: part?.series.get(key) ?? [], end, absence: absence.buckets });
    },
  };
}

interface BucketsOfWindow {
  readonly series: readonly BucketSeries[];
  readonly end: number;
  readonly absence: string;
}

function withBuckets(sample: Sample, { series, end, absence }: BucketsOfWindow): Sample | Missing {
  const values = series.flatMap(({ upTo, values: byEnd }) => {
    const value = byEnd.get(end);
    return value === undefined ? [] : [{ upTo, value }];
  });
  const buckets = latencyBuckets(values, { requests: sample.requests, absence });
  return 'missing' in buckets ? buckets : { ...sample, latencyBuckets: buckets };
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

function absenceOf({ namespace, service }: Subject): Record<IstioMetric, string> {
  const missing = (metric: IstioMetric) => `no series for ${namespace}/${service} in ${istioCounters[metric]}`;
  return {
    requests: missing('requests'),
    errors: missing('errors'),
    latency: missing('latency'),
    buckets: missing('buckets'),
  };
}
