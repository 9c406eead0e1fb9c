import { expect, test } from 'vitest';
import { sendJson, startServer } from '../sources/answer-server.js';
import { Mesh } from './mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from './workspace.js';

const values = reviewsValues + evaluationValues;

async function ground(settings: string, text = values) {
  return ScratchWorkspace.rendered({ 'sluice.yaml': settings, 'releases/reviews/values.yaml': text });
}

async function meshed() {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.01, 'reviews-v2': 0.02 });
  const workspace = await ground(mesh.project);
  mesh.simulator.route('default', { rate: 100, shares: { 'reviews-v1': 90, 'reviews-v2': 10 }, mirrors: {} });
  mesh.simulator.advance(300);
  workspace.now = mesh.simulator.now;
  return workspace;
}

test('sluice metrics lists what is asked for each metric, and asks nothing', async () => {
  const workspace = await ground("metrics: {source: prometheus, url: 'http://127.0.0.1:9'}\n");
  const text = await workspace.ran('metrics', 'reviews');
  expect(text).toMatch(/^reviews: prometheus, windows of 60 s, reviews-v1, reviews-v2\n/);
  expect(text).toMatch(/\nerror-rate {2}built-in, objective\n {2}sum by .*response_code=~"5\.\."/);
  expect(text).toMatch(/\nlatency-p95 {2}built-in, ms\n {2}sum by .*_bucket\{/);
});

test('sluice metrics --try shows what came back', async () => {
  const workspace = await meshed();
  const text = await workspace.ran('metrics', 'reviews', '--try');
  expect(text).toMatch(/\n5 windows of 60 s until \d{4}-/);
  expect(text).toMatch(/\n +reviews-v1 {2,}reviews-v2\nrequest-count +[\d,]{6} +[\d,]{5}\n/);
  const { tried, metrics } = JSON.parse(await workspace.ran('metrics', 'reviews', '--try', '-o', 'json'));
  expect(metrics).toContainEqual(expect.objectContaining({ name: 'error-rate', usedFor: ['objective'] }));
  expect(tried.values['error-rate']['reviews-v2']).toBeGreaterThan(0.01);
  // No objective asks for a percentile, and it is read all the same.
  expect(tried.values['latency-p95']['reviews-v1']).toBeGreaterThan(20);
  expect(tried.windows).toHaveLength(5);
  // Nobody has told the simulator of pods, and the others are shown all the same.
  expect(tried.failures).toEqual({ 'available-replicas': expect.stringContaining('does not know this query') });
  expect(tried.values['request-rate']['reviews-v1']).toBeGreaterThan(80);
});

test('sluice metrics --try says why there is no figure', async () => {
  const url = await startServer((_, response) => {
    const data = { resultType: 'matrix', result: [] };
    sendJson(response, { status: 'success', data, warnings: ['partial response'] });
  });
  const workspace = await ground(`metrics: {source: prometheus, url: '${url}'}\n`);
  const text = await workspace.ran('metrics', 'reviews', '--try');
  expect(text).toContain('reviews-v2 has no sample in 5 of 5 windows: no series for default/reviews-v2');
  expect(text).toContain('warning: partial response');
});

const custom = `metrics:
  source: prometheus
  url: 'http://127.0.0.1:9'
  custom:
    cpu: {kind: gauge, query: 'avg(cpu{pod=~"{{workload}}-.*"})', unit: cores, preferredDirection: low}
`;

test('sluice metrics lists metrics of one\u2019s own, and those that nobody has defined', async () => {
  const objectives = 'objectives: [{metric: cpu, upperLimit: 2}, {metric: heap, upperLimit: 9}]';
  const text = values.replace(/objectives: .*/, objectives);
  const printed = await (await ground(custom, text)).ran('metrics', 'reviews');
  expect(printed).toContain(
    'cpu  gauge, cores, low is better, objective\n  avg(cpu{pod=~"reviews-v1-.*"})\n  avg(cpu{pod=~"reviews-v2-.*"})\n',
  );
  expect(printed).toContain('heap  defined nowhere: add it to metrics.custom of sluice.yaml');
});

test('sluice metrics says that there is no such release, and that the source does not answer', async () => {
  const workspace = await ground(custom);
  expect(await workspace.run('metrics', 'ratings')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ratings'),
  });
  expect(await workspace.run('metrics', 'reviews', '--try')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Cannot reach the metrics source'),
  });
});

test('sluice metrics lists the percentiles of a histogram that the values ask for, and what is judged by counts', async () => {
  const settings = `metrics:
  source: prometheus
  url: 'http://127.0.0.1:9'
  custom:
    failures: {kind: ratio, events: 'bad{s="{{service}}"}', of: 'every{s="{{service}}"}', preferredDirection: low}
    wait: {kind: histogram, buckets: 'b{s=~"{{service}}"}', by: {service: s}, unit: s}
    size: {kind: histogram, buckets: 'size{s=~"{{service}}"}', by: {service: s}}
    old: {kind: ratio, query: 'bad{s="{{service}}"}', of: 'every{s="{{service}}"}'}
`;
  const objectives = 'objectives: [{metric: wait-p99, upperLimit: 2}, {metric: failures, upperLimit: 0.1}]';
  const printed = await (await ground(settings, values.replace(/objectives: .*/, objectives))).ran(
    'metrics',
    'reviews',
  );
  expect(printed).toContain(
    'failures  ratio, by counts, low is better, objective\n  bad{s="reviews-v1"}\n  every{s="reviews-v1"}\n',
  );
  expect(printed).toContain('\nwait-p99  histogram, by counts, s, objective\n  b{s=~"(?:reviews-v1|reviews-v2)"}\n');
  expect(printed).toContain('\nsize-p95  histogram, by counts\n');
  expect(printed).toContain('\nold  ratio\n');
  expect(printed).not.toContain('defined nowhere');
});

test('sluice metrics --try shows the values of what is counted, and the counts', async () => {
  const workspace = await ground('metrics: {source: file, path: windows.csv}\n');
  const rows = Array.from({ length: 8 }, (_, i) => Math.floor(workspace.now / 60) * 60 - 60 * i).flatMap((end) =>
    ['reviews-v1', 'reviews-v2'].map((version, at) => `${end},${version},100,1,2000,200,${10 * (at + 1)}`),
  );
  workspace.write(
    'windows.csv',
    `end,version,requests,errors,latencySum,failures:count,failures:events\n${rows.join('\n')}\n`,
  );
  const { tried } = JSON.parse(await workspace.ran('metrics', 'reviews', '--try', '-o', 'json'));
  expect(tried.windows[0].versions['reviews-v2'].custom).toEqual({ failures: { count: 200, events: 20 } });
});

test('sluice metrics --try says why a metric has no value, and where a percentile lies above what is counted', async () => {
  const workspace = await ground('metrics: {source: file, path: windows.csv}\n');
  const end = Math.floor(workspace.now / 60) * 60 - 60;
  const rows = (columns: string, values: string) => [
    `end,version,requests,errors,latencySum,${columns}\n`,
    ...['reviews-v1', 'reviews-v2'].map((version) => `${end},${version},100,1,2000,${values}\n`),
  ];
  workspace.write('windows.csv', rows('heap', '7').join(''));
  const text = await workspace.ran('metrics', 'reviews', '--try');
  expect(text).toContain(
    'reviews-v1 has no latency-p50, latency-p90, latency-p95, latency-p99: no buckets in windows.csv:2\n' +
      'reviews-v1 has no available-replicas: no metric available-replicas in windows.csv\n',
  );
  workspace.write('windows.csv', rows('upTo100,upTo250', '80,98').join(''));
  expect(await workspace.ran('metrics', 'reviews', '--try')).toMatch(/\nlatency-p99 +above 250 ms +above 250 ms\n/);
});

test('sluice metrics --try asks a histogram once for each of its percentiles, and shows them in its own unit', async () => {
  const url = await startServer((_, response) => {
    sendJson(response, {
      total: 100,
      bad: 4,
      spread: [
        { upTo: 2, count: 90 },
        { upTo: 4, count: 100 },
      ],
    });
  });
  const workspace = await ground(
    `metrics:
  source: http-json
  url: '${url}/?of={{service}}&to={{end}}'
  traffic: {requests: total, errors: bad, latencySum: total}
  custom:
    failures: {kind: ratio, value: '{"count": total, "events": bad}'}
    wait: {kind: histogram, value: '{"count": total, "buckets": spread}', unit: s}
`,
    values.replace(/objectives: .*/, 'objectives: [{metric: wait-p95, upperLimit: 5}]'),
  );
  const text = await workspace.ran('metrics', 'reviews', '--try');
  expect(text).toMatch(/\nfailures +0\.04 +0\.04\nwait-p95 +3 +3\n/);
});
