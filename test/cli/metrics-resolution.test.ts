import { describe, expect, test } from 'vitest';
import { resolutionsOf, resolutionWords } from '../../src/cli/metrics/resolution.js';
import type { Analysis } from '../../src/release/evaluation.js';
import { reviewsValues, ScratchWorkspace, start } from './workspace.js';

const file = 'releases/reviews/values.yaml';
const bounds = [100, 250, 500];

function analysis(objective: object, judge = 'sequential'): Analysis {
  return { judge, objectives: [objective] } as unknown as Analysis;
}

/** Of 100 requests, so many took at most 100, 250 and 500 ms. */
function counted(...requests: readonly number[]) {
  const latencyBuckets = bounds.map((upTo, i) => ({ upTo, requests: requests[i] ?? 100 }));
  return [{ requests: 100, errors: 0, latencySum: 0, latencyBuckets }];
}

describe('resolutionsOf()', () => {
  const asked = { metric: 'latency-p95', maxRatio: 1.2 };

  test.each([
    [undefined, 'maxRatio 1.2 is 2 to 2.5 by the buckets, as the percentile of the primary lies in them'],
    [
      counted(50, 96, 100),
      'maxRatio 1.2 is 2 by the buckets: the percentile of the primary lies in the bucket up to 250 ms, and harm is counted above 500 ms',
    ],
    [
      counted(95, 99, 100),
      'maxRatio 1.2 is 2.5 by the buckets: the percentile of the primary lies in the bucket up to 100 ms, and harm is counted above 250 ms',
    ],
    [
      counted(10, 20, 96),
      'maxRatio 1.2 is told by no bucket: the percentile of the primary lies in the bucket up to 500 ms, and none ends so far above',
    ],
  ])('tells what a ratio of 1.2 is with 100, 250 and 500 ms: %j', (samples, words) => {
    const found = resolutionsOf(analysis(asked), { bounds, ...(samples && { samples }) });
    expect(found.map(resolutionWords)).toEqual([words]);
  });

  test.each([
    ['the ratio of the buckets', { metric: 'latency-p95', maxRatio: 2 }, 'sequential'],
    ['an absolute limit', { metric: 'latency-p95', upperLimit: 300 }, 'sequential'],
    ['a mean', { metric: 'latency-mean', maxRatio: 1.2 }, 'sequential'],
    ['a judge that goes by an estimate', asked, 'threshold'],
  ])('tells nothing of %s', (_, objective, judge) => {
    expect(resolutionsOf(analysis(objective, judge), { bounds, samples: counted(50, 96, 100) })).toEqual([]);
  });

  test('takes a histogram of one\u2019s own in its own unit', () => {
    const buckets = [1, 2, 4].map((upTo, i) => ({ upTo, count: [50, 99, 100][i] ?? 0 }));
    const samples = [{ requests: 9, errors: 0, latencySum: 0, custom: { wait: { count: 100, buckets } } }];
    const found = resolutionsOf(analysis({ metric: 'wait-p95', maxRatio: 1.5 }), { bounds, samples });
    expect(found).toEqual([{ metric: 'wait-p95', maxRatio: 1.5, ratios: [2, 2], bound: 2, limit: 4 }]);
  });
});

const values = `${reviewsValues}analysis: {interval: 60s, objectives: [{metric: latency-p95, maxRatio: 1.2}]}\n`;

test('sluice metrics tells what the buckets make of a ratio, and with --try what they make of it here', async () => {
  const rows = Array.from({ length: 8 }, (_, i) => start - 60 * i).flatMap((end) =>
    ['reviews-v1', 'reviews-v2'].map((version) => `${end},${version},100,1,2000,50,96,100`),
  );
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': 'metrics: {source: file, path: windows.csv, buckets: [100, 250, 500]}\n',
    'windows.csv': `end,version,requests,errors,latencySum,upTo100,upTo250,upTo500\n${rows.join('\n')}\n`,
    [file]: values,
  });
  const listed = await workspace.ran('metrics', 'reviews');
  expect(listed).toMatch(
    /\nlatency-p95 {2}built-in, ms, objective\n {2}maxRatio 1\.2 is 2 to 2\.5 by the buckets, as /,
  );
  expect(listed.match(/maxRatio/g)).toHaveLength(1);
  const tried = await workspace.ran('metrics', 'reviews', '--try');
  expect(tried).toContain('\n  maxRatio 1.2 is 2 by the buckets: ');
  const { resolutions } = JSON.parse(await workspace.ran('metrics', 'reviews', '--try', '-o', 'json'));
  expect(resolutions).toEqual([{ metric: 'latency-p95', maxRatio: 1.2, ratios: [2, 2], bound: 250, limit: 500 }]);
});

test.each([
  ['1.5', ', so latency x 1.5 is found by it at no traffic\n'],
  ['3', ' and harm is counted above 500 ms\n'],
])('sluice plan --power tells what the buckets make of a ratio beside latencies x %s', async (factor, end) => {
  const workspace = new ScratchWorkspace({ [file]: values });
  const service = ['--rate', '100', '--error-rate', '0.005', '--runs', '1'];
  const asked = ['plan', '--power', ...service, '--regression', `latency-p95=x${factor}`];
  const text = await workspace.ran(...asked);
  expect(text).toContain('\nlatency-p95: maxRatio 1.2 is 2 by the buckets: the percentile of the primary lies in the');
  expect(text).toContain(end);
  const [{ resolutions }] = JSON.parse(await workspace.ran(...asked, '-o', 'json')).releases;
  expect(resolutions).toMatchObject([
    { maxRatio: 1.2, ratios: [2, 2], bound: 250, limit: 500, reached: factor === '3' },
  ]);
});

// Of the primary 2.25 % take longer than 250 ms, so harm begins at 2.41 % above 500 ms.
test.each([
  ['2.02', '', false],
  ['2.02', ', harm: {ratio: 1, difference: 0}', true],
  ['2.1', '', true],
])('sluice plan --power finds latencies x %s beyond the margin of harm%s: %j', async (factor, harm, reached) => {
  const workspace = new ScratchWorkspace({ [file]: values.replace('maxRatio: 1.2', `maxRatio: 1.2${harm}`) });
  const service = ['--rate', '2000', '--error-rate', '0.005', '--latency', '40/180', '--runs', '1'];
  const json = await workspace.ran(
    'plan',
    '--power',
    ...service,
    '--regression',
    `latency-p95=x${factor}`,
    '-o',
    'json',
  );
  expect(JSON.parse(json).releases[0].resolutions).toMatchObject([{ bound: 250, limit: 500, reached }]);
});
