import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Subject } from '../../src/release/evaluation.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { subjectOf } from '../sources/subject-of.js';
import { RealPrometheus } from './real-prometheus.js';
import { type PushedSeries, remoteWrite } from './remote-write.js';

const interval = 10;
const windows = 3;
const server = new RealPrometheus([]);

/** The end of a window that is long over. */
const end = Math.floor(Date.now() / 1000 / interval) * interval - interval;

const pods = ['reviews-v1-7f4669bdd9-dg7vn', 'reviews-v1-7f4669bdd9-x2x2x'];

/** Ten requests a second and pod, one of which fails in the second pod alone; 20 ms each. */
function counters(pod: string, labels: Readonly<Record<string, string>>, names: Names): PushedSeries[] {
  const times = Array.from({ length: (windows + 1) * interval + 1 }, (_, i) => end - (windows + 1) * interval + i);
  const series = (name: string, perSecond: number, more: Readonly<Record<string, string>> = {}): PushedSeries => ({
    labels: { __name__: name, ...labels, ...more },
    values: times.map((time, i): [number, number] => [time, perSecond * i]),
  });
  const failed = pod === pods[1] ? 1 : 0;
  return [
    series(names.requests, 10 - failed, { [names.code]: names.good }),
    ...(failed === 0 ? [] : [series(names.requests, failed, { [names.code]: names.bad })]),
    series(
      `${names.durations}_sum`,
      names.durations.endsWith('seconds') && !names.durations.includes('milli') ? 0.2 : 200,
    ),
  ];
}

interface Names {
  readonly requests: string;
  readonly durations: string;
  readonly code: string;
  readonly good: string;
  readonly bad: string;
}

const istio: Names = {
  requests: 'istio_requests_total',
  durations: 'istio_request_duration_milliseconds',
  ...{ code: 'response_code', good: '200', bad: '503' },
};

const openTelemetry = (name: string): Names => ({
  requests: `${name}_count`,
  durations: name,
  ...{ code: 'http_response_status_code', good: '200', bad: '500' },
});

const openCensus: Names = {
  requests: 'revision_app_request_count',
  durations: 'revision_app_request_latencies',
  ...{ code: 'response_code_class', good: '2xx', bad: '5xx' },
};

/** As each of them is scraped. */
const told: readonly (readonly [string, Subject, Names, (pod: string) => Readonly<Record<string, string>>])[] = [
  [
    'sidecars of Istio',
    subjectOf('reviews-v1', { namespace: 'mesh' }),
    istio,
    (pod) => ({
      ...{
        reporter: 'destination',
        destination_service_namespace: 'mesh',
        destination_service_name: 'reviews-v1',
        pod,
      },
    }),
  ],
  [
    'queue-proxies of an older Knative',
    subjectOf('reviews-v1', { namespace: 'old', environment: 'kserve' }),
    openCensus,
    (pod) => ({ namespace_name: 'old', service_name: 'reviews-v1', pod_name: pod }),
  ],
  [
    'queue-proxies of a newer Knative',
    subjectOf('reviews-v1', { namespace: 'new', environment: 'kserve' }),
    openTelemetry('kn_serving_invocation_duration_seconds'),
    (pod) => ({ k8s_namespace_name: 'new', kn_service_name: 'reviews-v1', k8s_pod_name: pod }),
  ],
  [
    'applications',
    subjectOf('reviews-v1', { namespace: 'plain', environment: 'kubernetes' }),
    openTelemetry('http_server_request_duration_seconds'),
    (pod) => ({ namespace: 'plain', pod }),
  ],
];

beforeAll(async () => {
  await server.start({ remoteWrite: true });
  const series = told.flatMap(([, , names, labels]) => pods.flatMap((pod) => counters(pod, labels(pod), names)));
  await remoteWrite(server.url, series);
});

afterAll(async () => {
  await server.close();
});

test.each(told)('the pods of %s are told apart', async (_, subject) => {
  const source = prometheus({ url: server.url, timeout: 10 });
  const firstEnd = end - (windows - 1) * interval;
  const answer = await source.pods?.({ subjects: [subject], interval, firstEnd, lastEnd: end });
  const window = [
    { requests: 100, errors: 0, latencySum: expect.closeTo(2000, 6) },
    { requests: 100, errors: 10, latencySum: expect.closeTo(2000, 6) },
  ];
  expect(answer?.windows(subject), server.log).toEqual(Array.from({ length: windows }, () => window));
});
