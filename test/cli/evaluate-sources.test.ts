import { expect, test } from 'vitest';
import { sendJson, startServer } from '../sources/answer-server.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, start } from './workspace.js';

const values = (objectives: string) =>
  `${reviewsValues}${evaluationValues}`.replace(/objectives: .*/, `objectives: ${objectives}`);

/** Windows of both versions for half an hour: the candidate has no errors, and a heap that is too large. */
function windows(): string {
  const ends = Array.from({ length: 30 }, (_, i) => start - 300 + i * 60);
  const rows = ends.flatMap((end) => [`${end},reviews-v1,5000,5,90000,1`, `${end},reviews-v2,300,0,5000,9`]);
  return `end,version,requests,errors,latencySum,heap\n${rows.join('\n')}\n`;
}

/** Runs passes, two minutes apart, and returns what each decided. */
async function decisions(workspace: ScratchWorkspace, passes: number): Promise<{ kind: string; reason: string }[]> {
  const made = [];
  for (let i = 0; i < passes; i += 1) {
    workspace.now = start + 6 + i * 120;
    const [decision] = JSON.parse(await workspace.ran('evaluate', '-o', 'json')).decisions;
    made.push({ kind: decision.kind, reason: decision.reason });
  }
  return made;
}

test('a pass decides by a file, and by a metric of one\u2019s own in it', async () => {
  const good = await ScratchWorkspace.rendered({
    'sluice.yaml': 'metrics: {source: file, path: windows.csv}\n',
    'windows.csv': windows(),
    'releases/reviews/values.yaml': values('[{metric: error-rate, upperLimit: 0.05}]'),
  });
  expect((await decisions(good, 2)).map(({ kind }) => kind)).toEqual(['advance', 'advance']);

  const heavy = await ScratchWorkspace.rendered({
    'sluice.yaml': 'metrics: {source: file, path: windows.csv}\n',
    'windows.csv': windows(),
    'releases/reviews/values.yaml': values('[{metric: error-rate, upperLimit: 0.05}, {metric: heap, upperLimit: 2}]'),
  });
  const [, second] = await decisions(heavy, 2);
  expect(second).toMatchObject({ kind: 'roll back', reason: expect.stringContaining('heap 9') });
});

test('a pass decides by a server that answers JSON', async () => {
  const url = await startServer(({ url: asked }, response) => {
    sendJson(response, { total: 300, failed: asked.includes('reviews-v2') ? 60 : 0 });
  });
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': `metrics:
  source: http-json
  url: '${url}/?of={{service}}&to={{end}}'
  traffic: {requests: total, errors: failed, latencySum: total * 10}
`,
    'releases/reviews/values.yaml': values('[{metric: error-rate, upperLimit: 0.05}]'),
  });
  const [first, second] = await decisions(workspace, 2);
  expect(first).toMatchObject({ kind: 'advance' });
  expect(second).toMatchObject({ kind: 'roll back', reason: expect.stringContaining('error-rate 20 %') });
});

test('a pass holds where nobody has defined a metric, and says so', async () => {
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': 'metrics: {source: file, path: windows.csv}\n',
    'windows.csv': windows(),
    'releases/reviews/values.yaml': values('[{metric: disk, upperLimit: 2}]'),
  });
  const made = await decisions(workspace, 2);
  expect(made.map(({ kind }) => kind)).toEqual(['hold', 'hold']);
  expect(made[0]?.reason).toContain('no metric disk in windows.csv');
});

/** Windows in which the candidate fails three of a hundred checkouts, and its requests none, and waits are long. */
function countedWindows(): string {
  const ends = Array.from({ length: 30 }, (_, i) => start - 300 + i * 60);
  const rows = ends.flatMap((end) => [
    `${end},reviews-v1,5000,5,90000,2000,10,2000,1950`,
    `${end},reviews-v2,300,0,5000,400,12,300,200`,
  ]);
  const columns = 'checkout:count,checkout:events,wait:count,wait:upTo5';
  return `end,version,requests,errors,latencySum,${columns}\n${rows.join('\n')}\n`;
}

test.each(['sequential', 'threshold', 'kayenta', 'bayesian'])(
  '%s decides by counts of a metric of one\u2019s own, which the ledger keeps for a replay',
  async (judge) => {
    const limit = judge === 'kayenta' ? 'maxRatio: 1.5' : 'upperLimit: 0.01';
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': 'metrics: {source: file, path: windows.csv}\n',
      'windows.csv': countedWindows(),
      'releases/reviews/values.yaml': values(`[{metric: checkout, ${limit}}]`).replace(
        /judge: .*/,
        `judge: ${judge}${judge === 'kayenta' ? '\n  kayenta: {windows: 5}' : ''}`,
      ),
    });
    const made = await decisions(workspace, 8);
    expect(made.map(({ kind }) => kind)).toContain('roll back');
    const entry = workspace
      .read('releases/reviews/ledger.jsonl')
      .split('\n')
      .find((line) => line.includes('custom'));
    expect(JSON.parse(entry ?? '{}').windows[0].versions['reviews-v2'].custom).toEqual({
      checkout: { count: 400, events: 12 },
      wait: { count: 300, buckets: [{ upTo: 5, count: 200 }] },
    });
    const { replays } = JSON.parse(await workspace.ran('replay', '--all', '-o', 'json'));
    expect(replays.map(({ outcome }: { outcome: string }) => outcome)).toEqual(replays.map(() => 'same'));
    expect(await workspace.ran('status', 'reviews')).toContain('checkout');
  },
);

test('a percentile of a histogram of one\u2019s own decides', async () => {
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': 'metrics: {source: file, path: windows.csv}\n',
    'windows.csv': countedWindows(),
    'releases/reviews/values.yaml': values('[{metric: wait-p90, upperLimit: 5}]').replace(
      /judge: .*/,
      'judge: sequential',
    ),
  });
  const made = await decisions(workspace, 8);
  expect(made.find(({ kind }) => kind === 'roll back')?.reason).toContain('wait-p90');
});
