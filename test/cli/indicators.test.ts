import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Mesh } from './mesh.js';
import { twoVersions } from './status-terminal.js';
import { evaluationValues, ScratchWorkspace, start } from './workspace.js';

const statusFile = 'releases/reviews/status.yaml';
const indicators = '[latency-p99, mean-latency, request-rate, revenue, checkout, wait-p95]';
const shown = evaluationValues.replace('rollout:', `  indicators: ${indicators}\nrollout:`);

/** Windows of both versions: v2 has no revenue, and no buckets for the latencies. */
function windows(): string {
  const ends = Array.from({ length: 30 }, (_, i) => start - 300 + i * 60);
  const rows = ends.flatMap((end) => [
    `${end},reviews-v1,6000,6,120000,5700,7,2000,10,2000,1900`,
    `${end},reviews-v2,300,0,3000,,,400,12,300,300`,
  ]);
  const columns = 'upTo100,revenue,checkout:count,checkout:events,wait:count,wait:upTo5';
  return `end,version,requests,errors,latencySum,${columns}\n${rows.join('\n')}\n`;
}

async function afterPasses(values: string, passes: number): Promise<ScratchWorkspace> {
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': 'metrics: {source: file, path: windows.csv}\n',
    'windows.csv': windows(),
    'releases/reviews/values.yaml': twoVersions('reviews', [100, 0], values),
  });
  for (let i = 0; i < passes; i++) {
    workspace.now = start + 6 + i * 120;
    await workspace.ran('evaluate');
  }
  return workspace;
}

let judged: ScratchWorkspace;
beforeAll(async () => {
  judged = await afterPasses(shown, 2);
});

interface Shown {
  readonly name: string;
  readonly indicators: readonly { readonly metric: string; readonly value?: number }[];
}

/** Of each version, what is shown of it. */
function shownIn(versions: readonly Shown[]): unknown {
  return Object.fromEntries(
    versions.map(({ name, indicators: all }) => [name, all.map(({ metric, value }) => [metric, value])]),
  );
}

test('a pass measures indicators for every version, and writes them into the status', () => {
  const { versions } = parse(judged.read(statusFile));
  expect(shownIn(versions)).toEqual({
    'reviews-v1': [
      ['latency-p99', 100],
      ['latency-mean', 20],
      ['request-rate', 100],
      ['revenue', 7],
      ['checkout', 0.005],
      ['wait-p95', 5],
    ],
    'reviews-v2': [
      ['latency-p99', undefined],
      ['latency-mean', 10],
      ['request-rate', 5],
      ['revenue', undefined],
      ['checkout', 0.03],
      ['wait-p95', 4.75],
    ],
  });
});

test('indicators change no decision, and what a version has no value of makes no window missing', async () => {
  const without = await afterPasses(evaluationValues, 2);
  const decided = (workspace: ScratchWorkspace) => {
    const { versions, ...rest } = parse(workspace.read(statusFile));
    return { ...rest, versions: versions.map(({ indicators: _, ...each }: Shown) => each) };
  };
  expect(decided(judged)).toEqual(decided(without));
  expect(judged.read('releases/reviews/values.yaml')).toBe(
    without.read('releases/reviews/values.yaml').replace(evaluationValues, shown),
  );
});

test('sluice status shows indicators, and -o json has them', async () => {
  const text = await judged.ran('status', 'reviews');
  expect(text).toMatch(/\n {2}indicator +version +value\n {2}latency-p99 +reviews-v1 +100 ms\n/);
  expect(text).toMatch(/\n {2}revenue +reviews-v2 +–\n/);
  expect(text).toMatch(/\n {2}checkout +reviews-v2 +0.03\n/);
  const [row] = JSON.parse(await judged.ran('status', 'reviews', '-o', 'json')).releases;
  expect(row.versions[0].indicators).toContainEqual({ metric: 'revenue', value: 7 });
});

test('evaluate -o json has the indicators of the look, and a replay finds the same by the ledger', async () => {
  judged.now += 60;
  const [decision] = JSON.parse(await judged.ran('evaluate', '--dry-run', '-o', 'json')).decisions;
  expect(decision.report.versions[0].indicators).toContainEqual({ metric: 'revenue', value: 7 });
  expect(await judged.ran('replay', '--all')).toMatch(/\n2 decisions: 2 the same again\n$/);
});

test('a pass asks Prometheus for the buckets of an indicator', async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/reviews/values.yaml': twoVersions(
      'reviews',
      [100, 0],
      shown.replace(indicators, '[99th-percentile-tail-latency]'),
    ),
  });
  for (let i = 0; i < 2; i++) await mesh.pass(workspace);
  const { versions } = parse(workspace.read(statusFile));
  for (const { indicators: found } of versions as Shown[]) {
    expect(found).toEqual([{ metric: 'latency-p99', value: expect.any(Number) }]);
  }
});

test('sluice metrics says what is shown', async () => {
  const { metrics } = JSON.parse(await judged.ran('metrics', 'reviews', '-o', 'json'));
  const uses = (name: string) => metrics.find((each: { name: string }) => each.name === name).usedFor;
  expect([uses('request-rate'), uses('error-rate')]).toEqual([['indicator'], ['objective']]);
});
