import { expect, test } from 'vitest';
import { isSample, type SampleRequest, type Source } from '../../src/release/evaluation.js';
import { prometheus as openPrometheus } from '../../src/sources/prometheus.js';
import { openSource } from '../../src/sources/registry.js';
import { loadProject } from '../../src/values/project.js';
import { sendJson, startServer } from './answer-server.js';
import { subjectOf } from './subject-of.js';

const v1 = subjectOf('reviews-v1');
const v2 = subjectOf('reviews-v2');
const all = [v1, v2];
const request = { subjects: all, interval: 60, firstEnd: 600, lastEnd: 660 };

type Asked = Pick<SampleRequest, 'bucketsOf' | 'gaugesOf'>;
type Series = readonly [labels: Record<string, string>, ...values: (readonly [number, string])[]];

/** Prometheus with traffic of both versions, buckets of one, and what `own` has of a metric of one's own. */
async function prometheus(own: () => readonly Series[] | undefined): Promise<Source> {
  const url = await startServer(({ form }, response) => {
    const query = form.get('query') ?? '';
    const traffic = all.map(({ namespace, service, reporter }): Series => {
      const labels = { reporter, destination_service_namespace: namespace, destination_service_name: service };
      return [labels, [600, '10'], [660, '10']];
    });
    const buckets = traffic.slice(0, 1).flatMap(([labels, ...values]): Series[] => [
      [{ ...labels, le: '25' }, ...values],
      [{ ...labels, le: '+Inf' }, ...values],
    ]);
    const istio = query.includes('_bucket') ? buckets : traffic;
    const series = query.includes('istio_') ? istio : own();
    if (series === undefined) return sendJson(response, { status: 'error', errorType: 'bad_data', error: 'no' }, 400);
    const result = series.map(([metric, ...values]) => ({ metric, values }));
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
  const heap = 'heap: {kind: gauge, query: "sum by (s) (heap{s=~\'{{service}}\'})", by: {service: s}}';
  const { metrics } = loadProject(`metrics: {source: prometheus, url: '${url}', custom: {${heap}}}\n`, 'sluice.yaml');
  if (metrics === undefined) throw new Error('no metrics');
  return openSource(metrics, { root: '/' });
}

async function missingOf(source: Source, asked: Partial<SampleRequest>): Promise<string[]> {
  const answer = await source.read({ ...request, ...asked });
  return all.map((subject) => {
    const sample = answer.sample(subject, 600);
    if (!isSample(sample)) return 'missing';
    const gauges = Object.keys(sample.gauges ?? {}).join();
    return [...(sample.latencyBuckets ? ['buckets'] : []), ...(gauges === '' ? [] : [gauges])].join() || 'traffic';
  });
}

test.each<[string, Asked, string[]]>([
  ['buckets', { bucketsOf: all }, ['buckets', 'traffic']],
  ['a metric that nobody has defined', { gaugesOf: { disk: all } }, ['traffic', 'traffic']],
  ['a metric of one’s own', { gaugesOf: { heap: all } }, ['heap', 'traffic']],
  ['requests per second', { gaugesOf: { 'request-rate': [v2] } }, ['traffic', 'request-rate']],
])('Prometheus has a sample of every window where %s is only shown', async (_, shown, expected) => {
  const source = await prometheus(() => [[{ s: 'reviews-v1' }, [600, '7'], [660, '7']]]);
  expect(await missingOf(source, { shown })).toEqual(expected);
});

test('Prometheus has no sample of a window without the buckets that a judge needs, though they are shown as well', async () => {
  const source = await prometheus(() => []);
  const both = { bucketsOf: all, shown: { bucketsOf: all, gaugesOf: { disk: all } } };
  expect(await missingOf(source, both)).toEqual(['buckets', 'missing']);
  expect(await missingOf(source, { gaugesOf: { disk: all }, shown: both.shown })).toEqual(['missing', 'missing']);
});

test('a metric that is only shown and cannot be read is a warning, and one that is judged is an error', async () => {
  const source = await prometheus(() => undefined);
  const answer = await source.read({ ...request, shown: { gaugesOf: { heap: all } } });
  expect(answer.sample(v1, 600)).toMatchObject({ requests: 10 });
  expect(answer.warnings).toEqual([expect.stringMatching(/^indicators are not shown: .*no/)]);
  await expect(source.read({ ...request, gaugesOf: { heap: all } })).rejects.toThrow('no');
});

/** Prometheus that has traffic and replicas, and refuses every query with such a word in it. */
async function refusing(word: string) {
  const queries: string[] = [];
  const url = await startServer(({ form }, response) => {
    const query = form.get('query') ?? '';
    queries.push(query);
    if (query.includes(word)) {
      return sendJson(response, { status: 'error', errorType: 'execution', error: 'too many samples' }, 422);
    }
    const values = [[600, '10']];
    const traffic = all.map(({ namespace, service, reporter }) => ({
      metric: {
        ...{ reporter, destination_service_namespace: namespace, destination_service_name: service, namespace },
        ...(query.includes('_bucket') && { le: '+Inf' }),
        ...(query.includes('kube_') && { workload: service }),
      },
      values,
    }));
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result: traffic } });
  });
  return { source: openPrometheus({ url, timeout: 5 }), queries };
}

test.each<[string, string, Asked, string[]]>([
  ['buckets', '_bucket', { bucketsOf: [v1] }, ['request-rate', 'request-rate']],
  ['replicas', 'kube_', { gaugesOf: { 'available-replicas': [v1] } }, ['request-rate', 'request-rate']],
])('%s that are only shown and cannot be read are a warning, and an error where they are judged', async (...row) => {
  const [, word, asked, expected] = row;
  const { source } = await refusing(word);
  const judged = { gaugesOf: { 'request-rate': all } };
  expect(await missingOf(source, { ...judged, shown: asked })).toEqual(expected);
  const { warnings } = await source.read({ ...request, ...judged, shown: asked });
  expect(warnings).toEqual(['indicators are not shown: Cannot query Prometheus: execution: too many samples']);
  await expect(source.read({ ...request, ...asked })).rejects.toThrow('too many samples');
});

test('buckets and replicas that are judged of one version and shown of both are asked for once of each', async () => {
  const { source, queries } = await refusing('nothing');
  const some = { bucketsOf: [v1], gaugesOf: { 'available-replicas': [v1] } };
  const shown = { bucketsOf: all, gaugesOf: { 'available-replicas': all } };
  const both = 'buckets,available-replicas';
  expect(await missingOf(source, { ...some, shown })).toEqual([both, both]);
  const further = queries.filter((query) => /_bucket|kube_/.test(query));
  expect(
    further.map((query) => all.filter(({ service }) => query.includes(service)).map(({ service }) => service)),
  ).toEqual([['reviews-v1'], ['reviews-v1'], ['reviews-v2'], ['reviews-v2']]);
  queries.length = 0;
  await source.read({ ...request, ...shown, shown });
  expect(queries).toHaveLength(5);
});

test('a metric that is judged of one version and shown of another is read once', async () => {
  const asked: string[] = [];
  const source = await prometheus(() => {
    asked.push('heap');
    return all.map(({ service }): Series => [{ s: service }, [600, '7'], [660, '7']]);
  });
  const wanted = { gaugesOf: { heap: [v1] }, shown: { gaugesOf: { heap: [v2] } } };
  expect(await missingOf(source, wanted)).toEqual(['heap', 'heap']);
  expect(asked).toEqual(['heap']);
});
