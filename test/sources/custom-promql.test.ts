import { expect, test } from 'vitest';
import type { SampleRequest, Subject } from '../../src/release/evaluation.js';
import { openSource } from '../../src/sources/registry.js';
import { loadProject } from '../../src/values/project.js';
import { type Received, sendJson, startServer } from './answer-server.js';
import { subjectOf } from './subject-of.js';

const v1 = subjectOf('reviews-v1');
const v2 = subjectOf('reviews-v2');
const ends = { interval: 60, firstEnd: 600, lastEnd: 660 };

type Series = readonly [labels: Record<string, string>, ...values: (readonly [number, string])[]];

/** Starts a server with traffic of both versions, and what `own` has for any other query; returns a source of its own. */
async function sourceWith(custom: string, own: (query: string) => readonly Series[]) {
  const received: Received[] = [];
  const url = await startServer((asked, response) => {
    received.push(asked);
    const query = asked.form.get('query') ?? '';
    const traffic = [v1, v2].map(({ namespace, service, reporter }): Series => {
      const labels = { reporter, destination_service_namespace: namespace, destination_service_name: service };
      return [labels, [600, '10'], [660, '10']];
    });
    const series = query.includes('istio_') ? traffic : own(query);
    const result = series.map(([metric, ...values]) => ({ metric, values }));
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
  const text = `metrics:\n  source: prometheus\n  url: '${url}'\n  custom:\n${custom.replace(/^/gm, '    ')}\n`;
  const { metrics } = loadProject(text, 'sluice.yaml');
  if (metrics === undefined) throw new Error('no metrics');
  const queries = () =>
    received.map(({ form }) => form.get('query') ?? '').filter((query) => !query.includes('istio_'));
  return { source: openSource(metrics, { root: '/' }), queries };
}

function wanting(name: string, subjects: readonly Subject[] = [v1, v2]): SampleRequest {
  return { subjects: [v1, v2], gaugesOf: { [name]: subjects }, ...ends };
}

test('a gauge without by is asked once for each version', async () => {
  const { source, queries } = await sourceWith(
    'cpu: {kind: gauge, query: \'avg(cpu{pod=~"{{workload}}-.*"}) @ {{end}}\'}',
    (query) => [[{}, [600, query.includes('v1') ? '-0.5' : '7'], [660, query.includes('v1') ? 'NaN' : '8']]],
  );
  const answer = await source.read(wanting('cpu'));
  expect(answer.sample(v1, 600)).toHaveProperty('gauges', { cpu: -0.5 });
  expect(answer.sample(v1, 660)).not.toHaveProperty('gauges');
  expect(answer.sample(v2, 660)).toHaveProperty('gauges', { cpu: 8 });
  expect(queries().sort()).toEqual(['avg(cpu{pod=~"reviews-v1-.*"}) @ 660', 'avg(cpu{pod=~"reviews-v2-.*"}) @ 660']);
  expect(answer.queries).toEqual(expect.arrayContaining(queries()));
});

test('with by one query is for all versions, and its labels tell them apart', async () => {
  const { source, queries } = await sourceWith(
    `orders:
  kind: counter
  query: 'sum by (svc, ns) (increase(orders{svc=~"{{service}}", ns=~"{{namespace}}"}[{{interval}}s]))'
  by: {service: svc, namespace: ns}`,
    () => [
      [{ svc: 'reviews-v2', ns: 'default' }, [600, '3']],
      [{ svc: 'reviews-v1', ns: 'elsewhere' }, [600, '4']],
      [{ svc: 'reviews-v1', ns: 'default' }, [600, '5'], [660, '-5']],
    ],
  );
  const answer = await source.read(wanting('orders'));
  expect(answer.sample(v1, 600)).toHaveProperty('gauges', { orders: 5 });
  expect(answer.sample(v2, 600)).toHaveProperty('gauges', { orders: 3 });
  // No counter rises by less than nothing.
  expect(answer.sample(v1, 660)).not.toHaveProperty('gauges');
  expect(queries()).toEqual([
    'sum by (svc, ns) (increase(orders{svc=~"(?:reviews-v1|reviews-v2)", ns=~"default"}[60s]))',
  ]);
});

test.each([
  ['ratio', '0.25'],
  ['mean', '0.25'],
])('a %s is one query by the other', async (kind) => {
  const { source } = await sourceWith(
    `m: {kind: ${kind}, query: 'sum(bad{s="{{service}}"})', of: 'sum(every{s="{{service}}"})'}`,
    (query) => [[{}, [600, query.includes('bad') ? '2' : '8'], [660, query.includes('bad') ? '2' : '0']]],
  );
  const answer = await source.read(wanting('m'));
  expect(answer.sample(v1, 600)).toHaveProperty('gauges', { m: 0.25 });
  expect(answer.sample(v1, 660)).not.toHaveProperty('gauges');
});

test('a histogram is a percentile of its buckets', async () => {
  const { source } = await sourceWith(
    `size:
  kind: histogram
  percentile: 75
  query: 'sum by (svc, le) (increase(size_bucket{svc=~"{{service}}"}[{{interval}}s]))'
  by: {service: svc}`,
    () =>
      ['reviews-v1', 'reviews-v2'].flatMap((svc): Series[] => [
        [{ svc, le: '+Inf' }, [600, '100'], ...(svc === v1.service ? [[660, '100'] as const] : [])],
        [{ svc, le: '200' }, [600, '100'], [660, 'NaN']],
        [{ svc, le: '100' }, [600, '50'], [660, '50']],
      ]),
  );
  const answer = await source.read(wanting('size'));
  expect(answer.sample(v1, 600)).toHaveProperty('gauges', { size: 150 });
  expect(answer.sample(v1, 660)).not.toHaveProperty('gauges');
  expect(answer.sample(v2, 660)).not.toHaveProperty('gauges');
});

test('several series where a version has one are refused', async () => {
  const { source } = await sourceWith('cpu: {kind: gauge, query: \'cpu{pod=~"{{workload}}-.*"}\'}', () => [
    [{ pod: 'a' }, [600, '1']],
    [{ pod: 'b' }, [600, '1']],
  ]);
  await expect(source.read(wanting('cpu'))).rejects.toMatchObject({
    code: 'source/duplicate-series',
    message: expect.stringContaining('metrics.custom.cpu'),
  });
});

test('what nobody wants is not asked', async () => {
  const { source, queries } = await sourceWith("cpu: {kind: gauge, query: 'cpu'}", () => []);
  await source.read({ subjects: [v1, v2], ...ends });
  await source.read({ ...wanting('cpu'), lastEnd: 540 });
  await source.read(wanting('cpu', []));
  expect(queries()).toEqual([]);
});

test('a metric that nobody has defined leaves the versions that want it without a sample', async () => {
  const { source } = await sourceWith("cpu: {kind: gauge, query: 'cpu'}", () => []);
  const answer = await source.read(wanting('cpuu', [v1]));
  expect(answer.sample(v1, 600)).toEqual({ missing: 'no metric cpuu: metrics.custom of sluice.yaml has cpu' });
  expect(answer.sample(v2, 600)).toHaveProperty('requests', 10);
});

test('a metric without data leaves the sample as it is', async () => {
  const { source } = await sourceWith("cpu: {kind: gauge, query: 'cpu'}", () => []);
  expect((await source.read(wanting('cpu'))).sample(v1, 600)).toEqual(expect.not.objectContaining({ gauges: {} }));
});
