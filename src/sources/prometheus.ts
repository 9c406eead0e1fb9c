import { InternalError } from '../errors.js';
import type { SampleAnswer, SampleRequest, Source, Subject } from '../release/evaluation.js';
import { type Endpoint, endpoint } from './endpoint.js';
import { type IstioMetric, istioCounters, istioLabels, istioQuery, istioSelection } from './istio-queries.js';
import { excerpt, failure, postForm } from './post-form.js';
import { type PrometheusMatrix, readMatrix } from './prometheus-answer.js';
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
/** Milliseconds; setTimeout takes any more for none at all. */
const maxDelay = 2 ** 31 - 1;

/**
 * Returns the source that reads Istio's standard metrics from Prometheus, or from what speaks its HTTP API.
 * However many subjects a request has, one read is three range queries, sent at once.
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

/** One metric of all subjects: the query, and its values as text by subject and by end of window. */
interface Column {
  readonly query: string;
  readonly warnings: readonly string[];
  readonly series: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

type Columns = { readonly [Metric in IstioMetric]?: Column };

interface Exchange {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

async function queryAll(target: Endpoint, request: SampleRequest, exchange: Exchange): Promise<SampleAnswer> {
  const { subjects, interval, firstEnd, lastEnd } = request;
  const selection = istioSelection(subjects, interval);
  const queryOne = async (metric: IstioMetric): Promise<Column> => {
    const query = istioQuery(metric, selection);
    const form = { query, start: `${firstEnd}`, end: `${lastEnd}`, step: `${interval}` };
    const matrix = readMatrix(target, await postForm(target, form, exchange));
    const warnings = [...matrix.warnings, ...matrix.infos].map((words) => excerpt(target, words));
    return { query, warnings, series: seriesBySubject(target, matrix) };
  };
  const [requests, errors, latency] = await Promise.all([
    queryOne('requests'),
    queryOne('errors'),
    queryOne('latency'),
  ]);
  return toAnswer(request, { requests, errors, latency });
}

function seriesBySubject(target: Endpoint, { data }: PrometheusMatrix): Column['series'] {
  const series = new Map<string, ReadonlyMap<number, string>>();
  for (const { metric, values } of data.result) {
    const key = keyOf([metric[istioLabels.reporter], metric[istioLabels.namespace], metric[istioLabels.service]]);
    if (series.has(key)) {
      throw failure(target, `Cannot read the answer of Prometheus as one series per version: two for ${key}`, {
        code: 'source/duplicate-series',
        hint: 'A proxy before Prometheus may add labels to what it merges: let it deduplicate.',
      });
    }
    series.set(key, new Map(values));
  }
  return series;
}

function keyOf(labels: readonly (string | undefined)[]): string {
  return JSON.stringify(labels);
}

function keyOfSubject({ reporter, namespace, service }: Subject): string {
  return keyOf([reporter, namespace, service]);
}

function toAnswer(request: SampleRequest, columns: Columns): SampleAnswer {
  const { requests, errors, latency } = columns;
  const asked = new Set(request.subjects.map(keyOfSubject));
  const found = [requests, errors, latency].filter((column) => column !== undefined);
  return {
    warnings: [...new Set(found.flatMap(({ warnings }) => warnings))],
    queries: found.map(({ query }) => query),
    sample(subject, end) {
      const key = keyOfSubject(subject);
      if (!asked.has(key) || !isWindowOf(request, end)) throw notAsked(key, end);
      const value = (column: Column | undefined) => column?.series.get(key)?.get(end);
      const values = { requests: value(requests), errors: value(errors), latency: value(latency) };
      return trafficSample(values, absenceOf(subject));
    },
  };
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
  return { requests: missing('requests'), errors: missing('errors'), latency: missing('latency') };
}
