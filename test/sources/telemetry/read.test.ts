import { describe, expect, it, test } from 'vitest';
import type { Subject } from '../../../src/release/evaluation.js';
import { prometheus } from '../../../src/sources/prometheus.js';
import { sendJson, startServer } from '../answer-server.js';
import { subjectOf } from '../subject-of.js';

const end = 1_700_000_040;
const window = { interval: 60, firstEnd: end, lastEnd: end };

type Labels = Readonly<Record<string, string>>;

/** What a server holds: series by a word of the query that asks for them. */
type Recorded = Readonly<Record<string, readonly (readonly [Labels, string])[]>>;

/** Serves answers as Prometheus gave them. A query gets those of the first word that stands in it. */
async function serve(recorded: Recorded) {
  const queries: string[] = [];
  const url = await startServer(({ form }, response) => {
    const query = form.get('query') ?? '';
    queries.push(query);
    const word = Object.keys(recorded).find((each) => query.includes(each)) ?? '';
    const result = (recorded[word] ?? []).map(([metric, value]) => ({ metric, values: [[end, value]] }));
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
  return { url, queries };
}

const counts = { requests: 60, errors: 3, latencySum: 1200 };
const latencyBuckets = [{ upTo: 25, requests: 57 }];

/** The four columns of two identities, the second of which nobody asked for. */
function columnsOf(
  own: Labels,
  other: Labels,
  words: Readonly<Record<'errors' | 'sum' | 'bucket' | 'requests', string>>,
) {
  const bound = words.bucket.endsWith('seconds_bucket') && !words.bucket.includes('milli') ? '0.025' : '25';
  return {
    [words.bucket]: [
      [{ ...own, le: bound }, '57'],
      [{ ...own, le: '+Inf' }, '60'],
    ],
    [words.sum]: [
      [own, '1200'],
      [other, '9'],
    ],
    [words.errors]: [
      [own, '3'],
      [other, '9'],
    ],
    [words.requests]: [
      [own, '60'],
      [other, '9'],
    ],
  } as const satisfies Recorded;
}

const istioWords = {
  errors: 'response_code=~"5.."',
  sum: 'istio_request_duration_milliseconds_sum',
  bucket: 'istio_request_duration_milliseconds_bucket',
  requests: 'istio_requests_total',
};
const istioOf = (reporter: string, name: string) => {
  return { reporter, destination_service_namespace: 'default', destination_service_name: name };
};
const appWords = {
  errors: 'http_response_status_code=~"5.."',
  sum: 'http_server_request_duration_seconds_sum',
  bucket: 'http_server_request_duration_seconds_bucket',
  requests: 'http_server_request_duration_seconds_count',
};
const modelWords = {
  errors: 'code=~"UNKNOWN',
  sum: 'modelmesh_api_request_milliseconds_sum',
  bucket: 'modelmesh_api_request_milliseconds_bucket',
  requests: 'modelmesh_api_request_milliseconds_count',
};

describe('a sample of', () => {
  it.each<[string, Subject, Recorded]>([
    [
      'istio',
      subjectOf('reviews-v1'),
      columnsOf(istioOf('source', 'reviews-v1'), istioOf('destination', 'reviews-v1'), istioWords),
    ],
    [
      'istio, of mirrors',
      subjectOf('reviews-v1', { reporter: 'destination' }),
      columnsOf(istioOf('destination', 'reviews-v1'), istioOf('source', 'reviews-v1'), istioWords),
    ],
    [
      'istio-waypoint',
      subjectOf('reviews-v1', { environment: 'gateway-api' }),
      columnsOf(istioOf('waypoint', 'reviews-v1'), istioOf('source', 'reviews-v1'), istioWords),
    ],
    [
      'kubernetes',
      subjectOf('reviews-v1', { environment: 'kubernetes' }),
      columnsOf(
        { namespace: 'default', workload: 'reviews-v1' },
        { namespace: 'default', workload: 'reviews' },
        appWords,
      ),
    ],
    [
      'modelmesh',
      subjectOf('iris-0', { environment: 'modelmesh', workload: 'iris-0' }),
      columnsOf({ namespace: 'default', model: 'iris-0' }, { namespace: 'default', model: '' }, modelWords),
    ],
  ])('%s is that of its own series', async (_, subject, recorded) => {
    const { url, queries } = await serve(recorded);
    const telemetry = { 'gateway-api': 'istio-waypoint' } as const;
    const answer = await prometheus({ url, timeout: 5, telemetry }).read({
      ...window,
      subjects: [subject],
      bucketsOf: [subject],
    });
    expect(answer.sample(subject, end)).toEqual({ ...counts, latencyBuckets });
    expect(queries).toHaveLength(4);
  });
});

describe('knative', () => {
  const subject = subjectOf('iris-0', { environment: 'kserve', service: 'iris-0-predictor' });
  const own = { namespace_name: 'default', service_name: 'iris-0-predictor' };

  it('adds up the buckets of both generations, whose bounds differ in their units', async () => {
    const { url } = await serve({
      _bucket: [
        [{ ...own, le: '100', unit: 'ms' }, '20'],
        [{ ...own, le: '0.1', unit: 's' }, '37'],
        [{ ...own, le: '0.075', unit: 's' }, '1'],
        [{ ...own, le: '+Inf', unit: 'ms' }, '23'],
        [{ ...own, le: '+Inf', unit: 's' }, '37'],
      ],
      _sum: [[own, '1200']],
      '5xx': [[own, '3']],
      revision_app_request_count: [[own, '60']],
    });
    const answer = await prometheus({ url, timeout: 5 }).read({ ...window, subjects: [subject], bucketsOf: [subject] });
    expect(answer.sample(subject, end)).toEqual({
      ...counts,
      latencyBuckets: [
        { upTo: 75, requests: 1 },
        { upTo: 100, requests: 57 },
      ],
    });
  });

  it('is said to have no series in either generation', async () => {
    const { url } = await serve({});
    const answer = await prometheus({ url, timeout: 5 }).read({ ...window, subjects: [subject] });
    expect(answer.sample(subject, end)).toEqual({
      missing:
        'no series for default/iris-0-predictor in revision_app_request_count or kn_serving_invocation_duration_seconds_count',
      idle: true,
    });
  });
});

describe('the clusters of an Envoy', () => {
  const backends = ['default/reviews/rule/0/backend/1', 'default/reviews/rule/1/backend/0'];
  const subject = subjectOf('reviews-v2', { environment: 'gateway-api', backends });
  const clusters = backends.map((backend) => ({ envoy_cluster_name: `httproute/${backend}` }));
  const each = (values: readonly string[]) => values.map((value, i) => [clusters[i] ?? {}, value] as const);
  const read = async (recorded: Recorded, subjects: readonly Subject[] = [subject]) => {
    const { url, queries } = await serve(recorded);
    const telemetry = { 'gateway-api': 'envoy-gateway' } as const;
    const source = prometheus({ url, timeout: 5, telemetry });
    const answer = await source.read({ ...window, subjects, bucketsOf: subjects });
    return { sample: answer.sample(subjects[0] ?? subject, end), queries };
  };

  it('are added up over all rules, and the timed requests stand for the others', async () => {
    const { sample, queries } = await read({
      _bucket: clusters.flatMap((cluster) => [
        [{ ...cluster, le: '25' }, '10'] as const,
        [{ ...cluster, le: '+Inf' }, '10'] as const,
      ]),
      _sum: each(['100', '300']),
      _time_count: each(['10', '10']),
      'class="5"': each(['0', '2']),
      _rq_xx: each(['12', '13']),
    });
    expect(sample).toEqual({ requests: 25, errors: 2, latencySum: 500, latencyBuckets: [{ upTo: 25, requests: 25 }] });
    expect(queries).toHaveLength(5);
  });

  it('show that all requests failed though none was timed', async () => {
    const { sample } = await read({ 'class="5"': each(['12']), _rq_xx: each(['12']) });
    expect(sample).toEqual({ requests: 12, errors: 12, latencySum: 0 });
  });

  it('tell nothing where some succeeded and none was timed', async () => {
    const { sample } = await read({ 'class="5"': each(['11']), _rq_xx: each(['12']) });
    expect(sample).toEqual({ missing: 'no latencies of its requests' });
  });

  it('tell nothing of a value that is none', async () => {
    const { sample } = await read({ 'class="5"': each(['1', '1']), _rq_xx: each(['12', 'NaN']) });
    expect(sample).toEqual({ missing: 'NaN for requests' });
  });

  it('tell nothing of a version that no rule leads to', async () => {
    const { sample, queries } = await read({}, [subjectOf('reviews-v3', { environment: 'gateway-api' })]);
    expect(sample).toEqual({ missing: 'no rule of a route that leads to it', idle: true });
    expect(queries).toEqual([]);
  });

  it('tell nothing of two versions that one of them stands for', async () => {
    const other = subjectOf('reviews-v1', { environment: 'gateway-api', backends: backends.slice(1) });
    const { sample } = await read({ _rq_xx: each(['12', '13']) }, [subject, other]);
    expect(sample).toEqual({ missing: 'series that count reviews-v1 of reviews as well' });
  });
});

describe('emissary', () => {
  it('tells nothing of two Services that its names make one of', async () => {
    const [one, other] = [
      subjectOf('a-b', { environment: 'emissary', namespace: 'c' }),
      subjectOf('a', { environment: 'emissary', namespace: 'b-c', release: 'other' }),
    ];
    const { url } = await serve({});
    const answer = await prometheus({ url, timeout: 5 }).read({ ...window, subjects: [one, other] });
    expect(answer.sample(one, end)).toEqual({ missing: 'series that count a of other as well' });
  });
});

test('one read asks every telemetry for its own subjects, and nobody for an environment without one', async () => {
  const subjects = [
    subjectOf('reviews-v1'),
    subjectOf('reviews-v1', { release: 'shop', environment: 'emissary' }),
    subjectOf('reviews-v1', { release: 'odd', environment: 'nomad' }),
  ];
  const { url, queries } = await serve({});
  const answer = await prometheus({ url, timeout: 5 }).read({ ...window, subjects });
  expect(queries.filter((query) => query.includes('istio_'))).toHaveLength(3);
  expect(queries.filter((query) => query.includes('envoy_'))).toHaveLength(4);
  expect(queries).toHaveLength(7);
  expect(answer.sample(subjects[2] as Subject, end)).toEqual({
    missing: 'nothing that counts for the environment nomad',
  });
});

test('two releases that lead to one Service are both told of it', async () => {
  const subjects = [subjectOf('reviews-v1'), subjectOf('reviews-v1', { release: 'shop' })];
  const own = istioOf('source', 'reviews-v1');
  const { url } = await serve(columnsOf(own, istioOf('destination', 'reviews-v1'), istioWords));
  const answer = await prometheus({ url, timeout: 5 }).read({ ...window, subjects });
  for (const subject of subjects) expect(answer.sample(subject, end)).toEqual(counts);
});

test('gauges are those that are asked for, where there are any', async () => {
  const subjects = [subjectOf('reviews-v1'), subjectOf('reviews-v2')];
  const [v1, v2] = subjects as [Subject, Subject];
  const columns = columnsOf(istioOf('source', 'reviews-v1'), istioOf('source', 'reviews-v2'), istioWords);
  const { url, queries } = await serve({
    kube_deployment_status_replicas_available: [[{ namespace: 'default', workload: 'reviews-v1' }, '2']],
    ...columns,
  });
  const answer = await prometheus({ url, timeout: 5 }).read({
    ...window,
    subjects,
    gaugesOf: { 'available-replicas': [v1, v2], 'request-rate': [v1] },
  });
  expect(answer.sample(v1, end)).toEqual({ ...counts, gauges: { 'available-replicas': 2, 'request-rate': 1 } });
  expect(answer.sample(v2, end)).not.toHaveProperty('gauges');
  expect(queries).toHaveLength(4);
});

test('a thousand releases of five metrics take at most ten queries, an hour of minutes each', async () => {
  const subjects = Array.from({ length: 1000 }, (_, i) =>
    ['v1', 'v2'].map((version) => subjectOf(`shop-${i}-${version}`, { release: `shop-${i}` })),
  ).flat();
  const { url, queries } = await serve({});
  const answer = await prometheus({ url, timeout: 60 }).read({
    subjects,
    bucketsOf: subjects,
    gaugesOf: { 'available-replicas': subjects },
    interval: 60,
    firstEnd: end,
    lastEnd: end + 59 * 60,
  });
  expect(answer.queries).toHaveLength(queries.length);
  expect(queries.length).toBeLessThanOrEqual(10);
});
