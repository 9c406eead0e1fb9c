import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { gaugesIn, type SampleRequest, type Source } from '../../src/release/evaluation.js';
import { openSource } from '../../src/sources/registry.js';
import { loadProject } from '../../src/values/project.js';
import { sendJson, startServer } from './answer-server.js';
import { subjectOf } from './subject-of.js';

const v1 = subjectOf('reviews-v1');
const v2 = subjectOf('reviews-v2');
const ends = { interval: 60, firstEnd: 600, lastEnd: 660 };

function opened(metrics: string, root = '/'): Source {
  const { metrics: settings } = loadProject(metrics, 'sluice.yaml');
  if (settings === undefined) throw new Error('no metrics');
  return openSource(settings, { root });
}

function wanting(...names: string[]): SampleRequest {
  return { subjects: [v1, v2], gaugesOf: Object.fromEntries(names.map((name) => [name, [v1, v2]])), ...ends };
}

type Series = readonly [labels: Record<string, string>, ...values: (readonly [number, string])[]];

/** Prometheus with traffic of both versions, and what `own` has for any other query. */
async function prometheusWith(custom: string, own: (query: string) => readonly Series[]) {
  const asked: string[] = [];
  const url = await startServer(({ form }, response) => {
    const query = form.get('query') ?? '';
    const traffic = [v1, v2].map(({ namespace, service, reporter }): Series => {
      const labels = { reporter, destination_service_namespace: namespace, destination_service_name: service };
      return [labels, [600, '10'], [660, '10']];
    });
    if (!query.includes('istio_')) asked.push(query);
    const series = query.includes('istio_') ? traffic : own(query);
    const result = series.map(([metric, ...values]) => ({ metric, values }));
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
  const text = `metrics:\n  source: prometheus\n  url: '${url}'\n  custom:\n${custom.replace(/^/gm, '    ')}\n`;
  return { source: opened(text), asked };
}

const failures = `failures:
  kind: ratio
  events: 'sum by (s) (increase(bad{s=~"{{service}}"}[{{interval}}s]))'
  of: 'sum by (s) (increase(every{s=~"{{service}}"}[{{interval}}s]))'
  by: {service: s}`;

test('Prometheus has the events of a ratio among all, rounded, by two queries for all versions', async () => {
  const { source, asked } = await prometheusWith(failures, (query) =>
    query.includes('bad')
      ? [
          [{ s: 'reviews-v1' }, [600, '2.4'], [660, '1']],
          [{ s: 'reviews-v2' }, [600, '0']],
        ]
      : [
          [{ s: 'reviews-v1' }, [600, '99.6'], [660, '0']],
          [{ s: 'reviews-v2' }, [600, '40'], [660, '40']],
        ],
  );
  const answer = await source.read(wanting('failures'));
  expect(asked).toHaveLength(2);
  expect(answer.sample(v1, 600)).toMatchObject({ requests: 10, custom: { failures: { count: 100, events: 2 } } });
  expect(answer.sample(v2, 600)).toMatchObject({ custom: { failures: { count: 40, events: 0 } } });
  // Of nothing there is no share, and without a series of the events nobody knows how many there were.
  expect(answer.sample(v1, 660)).not.toHaveProperty('custom');
  expect(answer.sample(v2, 660)).not.toHaveProperty('custom');
  expect(answer.sample(v1, 600)).not.toHaveProperty('gauges');
});

test('more events than all are judged by nobody, and the pass warns', async () => {
  const { source } = await prometheusWith(failures, (query) => [
    [{ s: 'reviews-v1' }, [600, query.includes('bad') ? '12' : '10'], [660, '10.000000001']],
  ]);
  const answer = await source.read(wanting('failures'));
  expect(answer.sample(v1, 600)).not.toHaveProperty('custom');
  expect(answer.sample(v1, 660)).toMatchObject({ custom: { failures: { count: 10, events: 10 } } });
  expect(answer.warnings).toEqual(['metrics.custom.failures counts more events than there are of: 12 of 10']);
});

test('Prometheus has the sum of a mean, which rounding its count does not change', async () => {
  const { source, asked } = await prometheusWith(
    'basket: {kind: mean, sum: \'sum(s{v="{{service}}"})\', count: \'sum(c{v="{{service}}"})\'}',
    (query) => [[{}, [600, query.includes('(s{') ? '14' : '1.4'], [660, query.includes('(s{') ? '0.3' : '0.3']]],
  );
  const answer = await source.read(wanting('basket'));
  expect(asked).toHaveLength(4);
  expect(answer.sample(v1, 600)).toMatchObject({ custom: { basket: { count: 1, sum: 10 } } });
  expect(answer.sample(v1, 660)).not.toHaveProperty('custom');
});

const wait = `wait:
  kind: histogram
  buckets: 'sum by (s, le) (increase(wait_bucket{s=~"{{service}}"}[{{interval}}s]))'
  by: {service: s}
  unit: s`;

/** Of ten, four up to 1 and nine up to 2.5. */
function waitBuckets(s: string): Series[] {
  return [
    [{ s, le: '+Inf' }, [600, '10'], [660, '10']],
    [{ s, le: '2.5' }, [600, '9']],
    [{ s, le: '1.0' }, [600, '4'], [660, 'NaN']],
    [{ s, le: '0' }, [600, '1']],
  ];
}

test('Prometheus has the buckets of a histogram, once for all its percentiles', async () => {
  const { source, asked } = await prometheusWith(wait, () => [
    ...waitBuckets('reviews-v1'),
    ...waitBuckets('reviews-v2'),
  ]);
  const answer = await source.read(wanting('wait-p50', 'wait-p99.9'));
  expect(asked).toHaveLength(1);
  const buckets = [
    { upTo: 1, count: 4 },
    { upTo: 2.5, count: 9 },
  ];
  expect(answer.sample(v2, 600)).toMatchObject({ custom: { wait: { count: 10, buckets } } });
  expect(answer.sample(v2, 660)).not.toHaveProperty('custom');
});

test('so many buckets that an answer would be too large are asked for in parts', async () => {
  const { source, asked } = await prometheusWith(wait, (query) =>
    ['reviews-v1', 'reviews-v2'].filter((name) => query.includes(name)).flatMap(waitBuckets),
  );
  const answer = await source.read({ ...wanting('wait-p50'), lastEnd: 600 + 60 * 30_000 });
  expect(new Set(asked).size).toBe(2);
  for (const subject of [v1, v2]) expect(answer.sample(subject, 600)).toHaveProperty('custom.wait.count', 10);
});

test('a histogram itself is no metric, its percentiles are', async () => {
  const { source, asked } = await prometheusWith(wait, () => []);
  const answer = await source.read(wanting('wait'));
  expect(asked).toEqual([]);
  expect(answer.sample(v1, 600)).toEqual({
    missing: 'no percentile wait: it is a histogram, of which objectives name one, such as wait-p95',
  });
  expect((await source.read(wanting('weight-p95'))).sample(v1, 600)).toEqual({
    missing: 'no metric weight-p95: metrics.custom of sluice.yaml has wait',
  });
});

async function serverWith(custom: string, body: object, more = ''): Promise<Source> {
  const url = await startServer((_, response) => sendJson(response, body));
  return opened(
    `metrics:\n  source: http-json\n  url: '${url}/?to={{end}}&of={{service}}'\n${more || '  traffic: {requests: total, errors: bad, latencySum: total}'}\n  custom:\n${custom.replace(/^/gm, '    ')}\n`,
  );
}

test('an expression gives counts', async () => {
  const source = await serverWith(
    `failures: {kind: ratio, value: '{"count": total, "events": bad}'}
basket: {kind: mean, value: '{"count": orders, "sum": paid}'}
wait: {kind: histogram, value: '{"count": total, "buckets": spread.{"upTo": le, "count": n}}'}
heap: {value: heap}`,
    { total: 10, bad: 1, orders: 2, paid: 30.5, spread: [{ le: 5, n: 7 }], heap: 3 },
  );
  const answer = await source.read(wanting('failures', 'basket', 'wait-p90', 'heap'));
  expect(answer.sample(v1, 600)).toEqual({
    ...{ requests: 10, errors: 1, latencySum: 10 },
    gauges: { heap: 3 },
    custom: {
      failures: { count: 10, events: 1 },
      basket: { count: 2, sum: 30.5 },
      wait: { count: 10, buckets: [{ upTo: 5, count: 7 }] },
    },
  });
  expect(answer.warnings).toEqual([]);
});

test('an expression gives counts for all windows', async () => {
  const list = (value: string) => `'points.{"end": t, "value": ${value}}'`;
  const source = await serverWith(
    `failures: {kind: ratio, value: ${list('{"count": n, "events": bad}')}}`,
    { points: [600, 660].map((t) => ({ t, n: t / 60, bad: 1 })) },
    `  windows: all\n  traffic: {requests: ${list('n')}, errors: ${list('bad')}, latencySum: ${list('n')}}`,
  );
  const answer = await source.read(wanting('failures'));
  expect(answer.sample(v1, 660)).toMatchObject({ custom: { failures: { count: 11, events: 1 } } });
});

test.each([
  ['ratio', 'total', 'a number in place of {count, events}, numbers from 0'],
  ['ratio', '{"count": 1, "events": 2}', '2 events of 1'],
  ['ratio', '{"count": 1, "events": -1}', 'a map in place of {count, events}, numbers from 0'],
  ['mean', '{"count": 1, "events": 0}', 'a map in place of {count, sum}, numbers from 0'],
  ['histogram', '{"count": 1}', 'a map in place of {count, buckets: [{upTo, count}]}, numbers from 0'],
])('what is no %s tells nothing, and the pass warns: %s', async (kind, value, words) => {
  const source = await serverWith(`own: {kind: ${kind}, value: '${value}'}`, { total: 10, bad: 1 });
  const answer = await source.read(wanting(kind === 'histogram' ? 'own-p95' : 'own'));
  expect(answer.sample(v1, 600)).not.toHaveProperty('custom');
  expect(answer.warnings).toContain(`metrics.custom.own of reviews-v1 is ${words}`);
});

function fileWith(name: string, text: string): Source {
  const root = mkdtempSync(join(tmpdir(), 'sluice-counts-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, name), text);
  return opened(`metrics: {source: file, path: ${name}}\n`, root);
}

const header = 'end,version,requests,errors,latencySum';

test('columns of a file hold counts', async () => {
  const source = fileWith(
    'windows.csv',
    `${header},heap,failures:count,failures:events,basket:count,basket:sum,wait:count,wait:upTo0.5,wait:upTo2
600,reviews-v1,10,0,10,3,40,2,4,10.5,10,7,9
600,reviews-v2,10,0,10,3,,,0,0,10,7,
`,
  );
  const answer = await source.read(wanting('failures', 'basket', 'wait-p75'));
  const [half, two] = [
    { upTo: 0.5, count: 7 },
    { upTo: 2, count: 9 },
  ];
  const wait = { count: 10, buckets: [half, two] };
  expect(answer.sample(v1, 600)).toMatchObject({
    gauges: { heap: 3 },
    custom: { failures: { count: 40, events: 2 }, basket: { count: 4, sum: 10.5 }, wait },
  });
  expect(answer.sample(v2, 600)).toHaveProperty('custom', { wait: { count: 10, buckets: [half] } });
  expect((await source.read(wanting('wait'))).sample(v1, 600)).toEqual({ missing: 'no metric wait in windows.csv' });
});

test('JSON holds counts in the shape of a ledger', async () => {
  const custom = { failures: { count: 40, events: 2 }, wait: { count: 10, buckets: [{ upTo: 5, count: 7 }] } };
  const row = { end: 600, version: 'reviews-v1', requests: 10, errors: 0, latencySum: 10, custom };
  const answer = await fileWith('windows.json', JSON.stringify([row])).read(wanting('failures', 'wait-p95'));
  expect(answer.sample(v1, 600)).toHaveProperty('custom', custom);
});

test.each([
  ['windows.csv', `${header},m:events\n600,v,1,0,1,5`, 'm has no m:count'],
  ['windows.csv', `${header},m:count\n600,v,1,0,1,5`, 'm has a count with none of events, sum and buckets'],
  ['windows.csv', `${header},m:count,m:events,m:sum\n600,v,1,0,1,5,1,1`, 'm has a count with several of'],
  ['windows.csv', `${header},m:count,m:events\n600,v,1,0,1,5,6`, 'm has 6 events of 5'],
  ['windows.csv', `${header},m:count,m:events\n600,v,1,0,1,5,-1`, 'm:events is "-1", no number from 0'],
  ['windows.csv', `${header},m:counts\n600,v,1,0,1,5`, '"m:counts" is no name of a column'],
  [
    'windows.json',
    '[{"end": 1, "version": "v", "requests": 1, "errors": 0, "latencySum": 1, "custom": {"m": {"count": 5}}}]',
    'm has a count with none of events, sum and buckets',
  ],
])('%s with counts that are none is refused: %s', async (name, text, words) => {
  await expect(fileWith(name, text).read(wanting('m'))).rejects.toMatchObject({
    code: 'source/bad-file',
    message: expect.stringContaining(words),
  });
});

test('the metrics that are wanted are named as objectives name them', () => {
  const objectives = [{ metric: 'wait-p95' }, { metric: 'failures' }, { metric: 'latency-p95' }];
  expect(gaugesIn({ objectives, rewards: [] })).toEqual(['wait-p95', 'failures']);
});

test('a label may be called as what every object of JavaScript has', async () => {
  const labelled = failures.replace('by: {service: s}', 'by: {service: constructor}');
  const { source } = await prometheusWith(labelled, () => [
    [{ constructor: 'reviews-v1' }, [600, '2']],
    [{}, [600, '7']],
  ]);
  const answer = await source.read(wanting('failures'));
  expect(answer.sample(v1, 600)).toMatchObject({ custom: { failures: { events: 2 } } });
});
