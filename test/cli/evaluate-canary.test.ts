import { describe, expect, test } from 'vitest';
import { Mesh } from './mesh.js';
import { type Outcome, ScratchWorkspace } from './workspace.js';

const valuesFile = 'releases/reviews/values.yaml';

const values = `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: reviews-v1}, image: registry.example/reviews:v1, weight: 100}
  - {metadata: {name: reviews-v2}, image: registry.example/reviews:v2, weight: 0}
analysis: {use: checkout}
rollout: {policy: steps, steps: [20], onInconclusive: rollback}
`;

/** As Spinnaker stores it. */
const canary = {
  name: 'checkout',
  description: 'errors count most',
  configVersion: '1',
  applications: ['reviews'],
  judge: { name: 'NetflixACAJudge-v1.0', judgeConfigurations: {} },
  metrics: [
    {
      name: 'HTTP errors',
      query: { type: 'prometheus', serviceType: 'prometheus', metricName: 'requests:errors' },
      groups: ['errors'],
      analysisConfigurations: { canary: { direction: 'increase', critical: true, nanStrategy: 'replace' } },
      scopeName: 'default',
    },
    {
      name: 'Latency',
      query: { type: 'prometheus', serviceType: 'prometheus', metricName: 'requests:latency' },
      groups: ['latency'],
      analysisConfigurations: { canary: { direction: 'increase', effectSize: { allowedIncrease: 1.2 } } },
      scopeName: 'default',
    },
  ],
  templates: {},
  classifier: { groupWeights: { errors: 60, latency: 40 }, scoreThresholds: { pass: 95, marginal: 75 } },
};

/** A lifetime of 14 windows after a warm-up of 4, with a look after every 8: its remainder is 6. */
const project = `analyses:
  checkout:
    interval: 60s
    warmUp: 4m
    minDuration: 14m
    maxDuration: 14m
    kayenta: {config: canary/checkout.json, metrics: {HTTP errors: error-rate, Latency: latency-mean}, windows: 8}
`;

async function ground(rate: number, text = values) {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': rate });
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project + project,
    'canary/checkout.json': JSON.stringify(canary, null, 2),
    [valuesFile]: text,
  });
  return { mesh, workspace };
}

async function passes(mesh: Mesh, workspace: ScratchWorkspace, count: number): Promise<string[]> {
  const outcomes: Outcome[] = [];
  for (let i = 0; i < count; i++) outcomes.push(await mesh.pass(workspace));
  return outcomes.map(({ stdout, stderr }) => stdout + stderr);
}

async function expectReplayed(workspace: ScratchWorkspace, decisions: number): Promise<void> {
  const { stdout, code } = await workspace.run('replay', '--all');
  expect(code, stdout).toBe(0);
  expect(stdout).toContain(`${decisions} decisions: ${decisions} the same again`);
}

describe('evaluate() with a canary analysis of sluice.yaml', () => {
  test('warms up, looks on, judges the remainder of the lifetime, and promotes', async () => {
    const { mesh, workspace } = await ground(0.001);
    // Every pass comes two minutes after the one before.
    const [entered, warm, , begun, , , , looked, , due] = await passes(mesh, workspace, 10);
    expect(entered).toContain('reviews: candidate reviews-v2 0 % → 20 %');
    expect(warm).toMatch(/the first window is complete at \S+Z/);
    expect(begun).toContain('reviews-v2 is looked at after 8 windows: 1 so far');
    expect(looked).toMatch(/reviews-v2 scores 100 of 100 beside reviews-v1, 95 passes; every metric passes; 8 windows/);
    expect(due).toContain('reviews: promote reviews-v2');
    await expectReplayed(workspace, 2);
    const ledger = workspace
      .read('releases/reviews/ledger.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ledger.at(-1)).toMatchObject({
      analysis: { judge: 'kayenta', warmUp: 240, objectives: [{ metric: 'error-rate' }, {}] },
    });
  });

  test('rolls back at the first look that is below marginal', async () => {
    const { mesh, workspace } = await ground(0.1);
    const all = await passes(mesh, workspace, 8);
    expect(all.at(-1)).toMatch(
      /reviews: roll back reviews-v2 20 % → 0 %\n {2}reviews-v2 scores 0 of 100 .*error-rate is high .*which is critical/,
    );
    await expectReplayed(workspace, 2);
  });

  test('tells what a change of the shared analysis means for who uses it', async () => {
    const { mesh, workspace } = await ground(0.001);
    workspace.write(
      'sluice.yaml',
      mesh.project + project.replace('warmUp: 4m', 'warmUp: 6m, lookback: growing'.replace(', ', '\n    ')),
    );
    const { stdout } = await workspace.run('diff');
    expect(stdout).toMatch(/analysis.warmUp: 4m → 6m/);
    expect(stdout).toContain('analysis.lookback');
    const weaker = { ...canary, classifier: { ...canary.classifier, scoreThresholds: { pass: 60, marginal: 50 } } };
    workspace.commit({ 'canary/checkout.json': JSON.stringify(weaker) });
    expect((await workspace.run('diff', '--against', 'HEAD~1')).stdout).toMatch(/analysis.kayenta.pass: 95 → 60/);
  });

  test('says when the first look after the warm-up is', async () => {
    const { mesh, workspace } = await ground(0.001);
    await passes(mesh, workspace, 2);
    const next = async () => /next: look at (\S+)/.exec((await workspace.run('status', 'reviews')).stdout)?.[1];
    const [entered = ''] = /(?<=startedAt: "?)[\d:TZ.-]+/.exec(workspace.read('releases/reviews/status.yaml')) ?? [];
    const first = Math.ceil((Date.parse(entered) / 1000 + 240) / 60) * 60 + 60 + 5;
    expect(await next()).toBe(new Date(first * 1000).toISOString().slice(11).replace('.000', ''));
  });

  test('decides by nothing that is not committed', async () => {
    const { mesh, workspace } = await ground(0.001);
    workspace.write('canary/checkout.json', JSON.stringify({ ...canary, description: 'mine' }));
    const [told] = await passes(mesh, workspace, 1);
    expect(told).toContain('canary/checkout.json');
    expect(workspace.read(valuesFile)).toBe(values);
  });

  test('names sluice.yaml and the values where they do not go together', async () => {
    const { workspace } = await ground(0.001, values.replace('use: checkout', 'use: checkout, maxDuration: 5m'));
    const { stdout, code } = await workspace.run('evaluate');
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /sluice\.yaml:\d+:\d+ analyses\.checkout\.minDuration: is 14m, above maxDuration, which is 5m \(used in releases\/reviews\/values\.yaml:7\)/,
    );
  });
});
