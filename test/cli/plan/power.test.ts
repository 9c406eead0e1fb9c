import { describe, expect, test } from 'vitest';
import { regressionOf, usualRegression } from '../../../src/cli/plan/regression.js';
import { Mesh } from '../mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../workspace.js';

const file = 'releases/reviews/values.yaml';
const steps = reviewsValues + evaluationValues.replace('  judge: threshold', '  maxDuration: 30m\n  judge: threshold');
const sequential = `${reviewsValues}analysis:
  interval: 60s
  maxDuration: 30m
  objectives: [{metric: error-rate}]
rollout: {policy: steps, steps: [5, 50]}
`;

async function run(values: string, words: readonly string[], settings = '') {
  const workspace = new ScratchWorkspace({ [file]: values, ...(settings !== '' && { 'sluice.yaml': settings }) });
  return workspace.run('plan', '--power', ...words);
}

const traffic = ['--rate', '20', '--error-rate', '0.005', '--runs', '20'];

describe('sluice plan --power', () => {
  test('finds a large regression soon, at more requests sooner, and an equal candidate is promoted', async () => {
    const words = [...traffic, '--regression', 'error-rate=+10pp', '-o', 'json'];
    const { code, stdout, stderr } = await run(sequential, words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [power] = JSON.parse(stdout).releases;
    expect(power).toMatchObject({
      ...{ release: 'reviews', judge: 'sequential', policy: 'steps', runs: 20, seed: 1, maxDuration: 1800 },
      means: { errorRate: 0.1, latency: 1, onset: 0 },
      service: { rate: 20, measured: false, baseline: { errorRate: 0.005 } },
      byPolicy: { found: { count: 20, share: 1 }, promoted: { count: 0 } },
      atShares: [
        { share: 5, found: { share: 1 } },
        { share: 50, found: { share: 1 } },
      ],
    });
    const [small, large] = power.atShares;
    expect(small.minutes.median).toBeGreaterThan(large.minutes.median - 1e-9);
    expect(small.requests.median).toBeLessThan(large.requests.median);
    expect(small.minutes.p90).toBeGreaterThanOrEqual(small.minutes.median);
    // One percent of false rollbacks is what the judge allows.
    expect(power.equal.falseRollback.count).toBeLessThanOrEqual(3);
    expect(power.equal.promoted.count + power.equal.falseRollback.count).toBeLessThanOrEqual(20);
  });

  test('prints a row for the policy and for every share, and goes by the seed', async () => {
    const first = await run(steps, traffic);
    expect(first.stdout).toMatch(
      /^reviews: \+1 pp errors at 20 requests\/s, 0\.5 % errors; steps, threshold, 20 runs, seed 1\n/,
    );
    expect(first.stdout).toMatch(/^ {2}share +found in 30m +at 95 % +minutes +p90 +requests +p90 +promoted$/m);
    for (const row of ['by the policy', 'kept at 5 %', 'kept at 50 %']) expect(first.stdout).toContain(`\n  ${row} `);
    expect(first.stdout).toMatch(/\na candidate like the primary: promoted \d.* false rollback \d/);
    expect(await run(steps, traffic)).toEqual(first);
    expect((await run(steps, [...traffic, '--seed', '2'])).stdout.replace('seed 2', 'seed 1')).not.toBe(first.stdout);
    expect((await run(steps, [...traffic, '-o', 'markdown'])).stdout).toContain('| kept at 5 % |');
  });

  test('reads the traffic of the last windows, and says that it did', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'reviews-v1': 0.02, 'reviews-v2': 0 });
    const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [file]: sequential });
    for (let i = 0; i < 4; i += 1) mesh.flow(workspace);
    workspace.now = mesh.simulator.now;
    const { code, stdout } = await workspace.run('plan', '--power', '--runs', '5', '-o', 'json');
    expect(code).toBe(0);
    const [{ service }] = JSON.parse(stdout).releases;
    expect(service.measured).toBe(true);
    expect(service.rate).toBeGreaterThan(1);
    expect(service.baseline.errorRate).toBeGreaterThan(0.005);
    expect(service.baseline.errorRate).toBeLessThan(0.05);
    const given = await workspace.run('plan', '--power', '--runs', '5', '--rate', '7', '-o', 'json');
    expect(JSON.parse(given.stdout).releases[0].service.rate).toBe(7);
  });

  test.each([
    ['', 'sluice.yaml names no source of metrics'],
    ['metrics: {source: prometheus, url: "http://127.0.0.1:9", timeout: 1s}\n', 'Cannot reach the metrics source'],
  ])('says which options it needs where nobody tells the traffic: %j', async (settings, reason) => {
    const { code, stdout, stderr } = await run(sequential, [], settings);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /Cannot tell the traffic of reviews from metrics: .*\n {2}at: releases\/reviews\/values\.yaml\n/,
    );
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Give --rate (requests per second) and --error-rate');
  });

  test('says where nothing looks at what is worse', async () => {
    const words = [...traffic, '--runs', '2', '--regression'];
    const said = 'nothing looks at latency: no objective is about it\n';
    expect((await run(sequential, [...words, 'latency-p95=x1.25'])).stdout).toContain(said);
    expect((await run(sequential, [...words, 'error-rate=+1pp'])).stdout).not.toContain('nothing looks at');
  });

  test('tells every promotion with its time, also of those after maxDuration', async () => {
    const slow = sequential.replace('[5, 50]', '[{weight: 5, duration: 20m}, {weight: 50, duration: 20m}]');
    const { stdout } = await run(slow, ['--rate', '500', '--error-rate', '0.005', '--runs', '10']);
    const found = /promoted \d[^;]* %\), ([\d.]+) min \(median\), [\d.]+ \(p90\) after its entry, with/.exec(stdout);
    expect(Number(found?.[1])).toBeGreaterThan(30);
    expect(stdout).not.toContain('within 30m');
  });

  test('leaves out what is not simulated, and says so', async () => {
    const gauge = 'objectives: [{metric: error-rate}, {metric: cpu, upperLimit: 2}]';
    const { stdout } = await run(sequential.replace('objectives: [{metric: error-rate}]', gauge), [
      ...traffic,
      '--runs',
      '2',
    ]);
    expect(stdout).toContain('not simulated, and not judged by here: cpu\n');
  });

  test('has nothing to simulate of a release without an analysis, and none of a match', async () => {
    const none = await run(reviewsValues, traffic);
    expect(none).toEqual({
      ...{ code: 0, stdout: 'nothing to simulate\n' },
      stderr: 'reviews: its values ask for no analysis of what is simulated\n',
    });
    const canary = sequential
      .replace('blue-green', 'canary')
      .replace('weight: 0', 'routed: false\n    match: [{headers: {x-tester: {exact: "yes"}}}]')
      .replace('    weight: 100\n', '')
      .replace('error-rate}', 'error-rate, upperLimit: 0.01}')
      .replace('[5, 50]', '[100]');
    const { code, stderr } = await run(canary, traffic);
    expect(code).toBe(2);
    expect(stderr).toContain('Cannot tell the power of reviews by shares');
  });

  test.each([
    [['--rate', 'many'], 'Cannot plan with --rate "many"'],
    [['--error-rate', '1'], 'Cannot plan with --error-rate "1"'],
    [['--latency', '180/40'], 'Cannot plan with --latency "180/40"'],
    [['--schemas', 'crds'], 'Cannot plan as asked: nothing reads --schemas here'],
    [['--runs', '0'], 'Cannot plan with --runs "0"'],
    [['--seed', '-'], 'Cannot plan with --seed "-"'],
    [['--regression', 'error-rate=+1%'], 'Cannot plan with --regression "error-rate=+1%"'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await run(sequential, [...traffic, ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('regressionOf()', () => {
  test.each([
    ['error-rate=+1pp', { errorRate: 0.01, latency: 1, onset: 0 }],
    ['error-rate=+0.5pp,latency-p95=x1.25', { errorRate: 0.005, latency: 1.25, onset: 0 }],
    ['error-rate=x3', { errorRate: 0.04, latency: 1, onset: 0 }],
    ['latency-mean=x2', { errorRate: 0, latency: 2, onset: 0 }],
  ])('reads %s', (spec, expected) => {
    expect(regressionOf(spec, 0.02)).toEqual(expected);
  });

  test.each(['', 'error-rate', 'error-rate=+99pp', 'latency-p95=+10ms', 'latency-p95=x0.5', 'error-rate=x1', 'cpu=x2'])(
    'refuses %j',
    (spec) => {
      expect(() => regressionOf(spec, 0.02)).toThrow('Cannot plan with --regression');
    },
  );

  test('looks for what the objectives are about', () => {
    expect(usualRegression(['latency-p95', 'error-rate'])).toBe('error-rate=+1pp');
    expect(usualRegression(['latency-p99'])).toBe('latency-p95=x1.25');
  });
});
