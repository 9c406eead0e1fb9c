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
  expect(tried.values['latency-p95']).toEqual({ 'reviews-v1': null, 'reviews-v2': null });
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
