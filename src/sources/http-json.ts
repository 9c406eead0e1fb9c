import type { Missing, Sample, SampleAnswer, SampleRequest, Source, Subject } from '../release/evaluation.js';
import { openAccess } from './access.js';
import { withCustom } from './custom/with-custom.js';
import { endpoint } from './endpoint.js';
import { isUnreadable } from './http-json/points.js';
import { type Answers, queryOf, type Reading, readQuestions } from './http-json/read-questions.js';
import { type Asked, askedOf, type HttpJsonSettings, httpJsonFaults, httpJsonShape } from './http-json/settings.js';
import { type ListedMetric, unitOf } from './listed-metric.js';
import { countOf } from './query-range.js';
import { type CommonSettings, sourceKind } from './source-kind.js';
import { withTimeLimit } from './time-limit.js';
import { trafficSample } from './traffic-sample.js';
import { withRate } from './with-rate.js';

/** `metrics` in sluice.yaml for any server that answers JSON. */
export const httpJsonKind = sourceKind({
  shape: httpJsonShape,
  waits: true,
  faults: httpJsonFaults,
  metrics: listQuestions,
  open: (settings, surroundings) => httpJson(settings, openAccess(settings, surroundings)),
});

/** Percentiles are left out: there are no buckets. */
function listQuestions(settings: HttpJsonSettings): ListedMetric[] {
  const { requests, errors, latencySum, custom } = askedOf(settings);
  const builtIn = Object.entries({
    'request-count': [requests],
    'error-rate': [errors, requests],
    'latency-mean': [latencySum, requests],
    'request-rate': [requests],
  }).map(([name, asked]) => ({ name, kind: 'built-in', unit: unitOf(name), queries: asked.map(queryOf) }));
  const own = [...custom].map(([name, asked]) => {
    const { unit, preferredDirection } = settings.custom?.[name] ?? {};
    const { counted } = asked;
    return { name, kind: counted ?? 'gauge', counted, unit, preferredDirection, queries: [queryOf(asked)] };
  });
  return [...builtIn, ...own];
}

type Access = ReturnType<typeof openAccess>;

/**
 * Returns the source that asks a server for JSON and finds figures in it by expressions. It is asked for every version and
 * window, or once for all windows of a version.
 */
function httpJson(settings: HttpJsonSettings & CommonSettings, access: Access): Source {
  const together = () => readerOf(settings, access, performance.now() + settings.timeout * 1000);
  return { ...readerOf(settings, access), together };
}

function readerOf(settings: HttpJsonSettings & CommonSettings, access: Access, endsAt?: number): Source {
  const { windows = 'each', timeout } = settings;
  const { custom, ...traffic } = askedOf(settings);
  const target = endpoint(settings.url, '', { server: 'the server of the metrics' });
  const within = <T>(request: SampleRequest, action: (reading: Reading) => Promise<T>) =>
    withTimeLimit(
      target,
      timeout,
      (limit) => action({ request, windows, headers: access.headers, exchange: { fetch: access.fetch, limit } }),
      endsAt,
    );
  const source: Source = {
    async read(request) {
      const subjects = countOf(request) === 0 ? [] : request.subjects;
      const questions = Object.values(traffic).map((asked) => ({ asked, subjects }));
      if (subjects.length === 0) return { warnings: [], queries: [], sample: () => ({ missing: 'nothing was asked' }) };
      const answers = await within(request, (reading) => readQuestions(questions, reading));
      return toAnswer(request, traffic, answers);
    },
  };
  const defined = new Map([...custom].map(([name, { counted }]) => [name, counted]));
  return withCustom(source, defined, (request, wanted) =>
    within(request, async (reading) => {
      const columns = Object.entries(wanted).map(async ([name, subjects]) => {
        const asked = custom.get(name) as Asked;
        return [name, columnOf(asked, await readQuestions([{ asked, subjects }], reading))] as const;
      });
      return Object.fromEntries(await Promise.all(columns));
    }),
  );
}

type Traffic = Readonly<Record<'requests' | 'errors' | 'latencySum', Asked>>;

function toAnswer(request: SampleRequest, traffic: Traffic, answers: Answers): SampleAnswer {
  const spread = new Set(request.bucketsOf?.map(nameOf));
  return {
    warnings: answers.warnings,
    queries: answers.queries,
    sample(subject, end) {
      if (spread.has(nameOf(subject)))
        return { missing: 'no buckets: http-json counts none, and a percentile is limited' };
      return withRate(sampleAt(traffic, answers, { subject, end }), subject, request);
    },
  };
}

interface At {
  readonly subject: Subject;
  readonly end: number;
}

function sampleAt(traffic: Traffic, answers: Answers, { subject, end }: At): Sample | Missing {
  const texts: Record<string, string> = {};
  for (const [name, asked] of Object.entries(traffic)) {
    const value = answers.points(asked, subject).get(end);
    if (isUnreadable(value)) return { missing: `${asked.key} is ${value.unreadable}` };
    if (typeof value === 'string') texts[name] = value;
  }
  const { requests, errors, latencySum: latency } = texts;
  const none = (name: keyof Traffic) => `no value in ${traffic[name].key} for ${subject.version}`;
  const absence = { requests: none('requests'), errors: none('errors'), latency: none('latencySum') };
  return trafficSample({ requests, errors, latency }, absence);
}

function columnOf(asked: Asked, answers: Answers) {
  return {
    queries: answers.queries,
    warnings: answers.warnings,
    value(subject: Subject, end: number) {
      const point = answers.points(asked, subject).get(end);
      if (point === undefined || isUnreadable(point)) return undefined;
      if (typeof point === 'object') return point;
      return Number.isFinite(Number(point)) ? Number(point) : undefined;
    },
  };
}

function nameOf({ release, version }: Subject): string {
  return JSON.stringify([release, version]);
}
