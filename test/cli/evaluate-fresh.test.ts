import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { Mesh } from './mesh.js';
import { type Outcome, ScratchWorkspace } from './workspace.js';

const valuesFile = 'releases/reviews/values.yaml';

/** The primary has more pods than the candidate, and says something that both need. */
const values = `environment: istio
application:
  strategy: blue-green
  versions:
  - metadata: {name: reviews-v1, labels: {tier: web}}
    image: registry.example/reviews:v1   # proven
    weight: 100
    deployment: {spec: {replicas: 10, template: {spec: {serviceAccountName: reviews}}}}
  - metadata: {name: reviews-v2}
    image: registry.example/reviews:v2
    weight: 0
    deployment: {spec: {replicas: 2}}
analysis:
  interval: 60s
  judge: threshold
  baseline: fresh
  objectives: [{metric: error-rate, maxRatio: 1.5}]
rollout: {policy: steps, steps: [5, 20]}
`;

const baseline = `  - baselineOf: reviews-v1 # written by sluice evaluate, which takes it out again
    metadata: {labels: {tier: web}, name: reviews-v1-baseline}
    image: registry.example/reviews:v1
    deployment: {spec: {replicas: 2, template: {spec: {serviceAccountName: reviews}}}}
    weight: 0
`;

async function ground(text = values, rates: { readonly [service: string]: number } = {}) {
  const mesh = await Mesh.start();
  // Long-lived pods of the primary do better than fresh ones of either version.
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v1-baseline': 0.02, 'reviews-v2': 0.02, ...rates });
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [valuesFile]: text });
  return { mesh, workspace };
}

async function passes(mesh: Mesh, workspace: ScratchWorkspace, count: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let i = 0; i < count; i++) outcomes.push(await mesh.pass(workspace));
  return outcomes;
}

/** Lets the cluster follow a route that names a version no more. */
function silence(mesh: Mesh, service: string): void {
  mesh.simulator.service({ namespace: 'default', service }, { rate: 0 });
}

function versionsIn(workspace: ScratchWorkspace): { readonly weight: number; readonly image: string }[] {
  return parse(workspace.read(valuesFile)).application.versions;
}

function weights(workspace: ScratchWorkspace): number[] {
  return versionsIn(workspace).map(({ weight }) => weight);
}

/** The pods that a Deployment makes. */
function deployed(workspace: ScratchWorkspace, name: string): unknown {
  const documents = parseAllDocuments(workspace.read('rendered/reviews/manifests.yaml')).map((each) => each.toJS());
  return documents.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name)?.spec;
}

describe('evaluate() with a fresh baseline', () => {
  test('deploys it, routes it with the candidate, and compares the two', async () => {
    const { mesh, workspace } = await ground();
    const pods = ['reviews-v1', 'reviews-v2'].map((name) => deployed(workspace, name));
    const next = async () => /next: .*/.exec((await workspace.run('status', 'reviews')).stdout)?.[0];
    expect(await next()).toBe('next: a baseline is deployed beside reviews-v2 with the next pass');
    const [prepared, waits] = await passes(mesh, workspace, 2);
    expect(await next()).toMatch(/^next: reviews-v2 enters with reviews-v1-baseline at \d\d:21:06Z$/);
    expect(prepared?.stdout).toMatch(
      /^reviews: prepare reviews-v2\n {2}reviews-v1-baseline, a copy of reviews-v1 at the size of reviews-v2, is added without/,
    );
    expect(workspace.read(valuesFile)).toBe(values.replace('analysis:', `${baseline}analysis:`));
    expect(deployed(workspace, 'reviews-v1-baseline')).toMatchObject({
      replicas: 2,
      template: { spec: { serviceAccountName: 'reviews', containers: [{ image: 'registry.example/reviews:v1' }] } },
    });
    expect(waits?.stdout).toContain('reviews-v2 waits: reviews-v1-baseline is deployed, and routed from ');

    const [, entered, advanced] = await passes(mesh, workspace, 3);
    expect(entered?.stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %');
    expect(advanced?.stdout).toMatch(/reviews-v2 keeps error-rate .* requests against .* of reviews-v1-baseline\n/);
    expect(weights(workspace)).toEqual([60, 20, 20]);
    expect((await workspace.run('status', 'reviews')).stdout).toMatch(/reviews-v1-baseline +baseline +20 % /);
    expect((await workspace.run('validate')).stdout).not.toContain('same-as-primary');

    await passes(mesh, workspace, 2);
    // Requests still reach it, so its entry stays.
    expect(weights(workspace)).toEqual([0, 100, 0]);
    silence(mesh, 'reviews-v1-baseline');
    await passes(mesh, workspace, 2);
    expect(workspace.subjects(2)).toEqual([
      'chore(reviews): prepare reviews-v2',
      'chore(reviews): candidate reviews-v2 0 % → 5 %',
      'chore(reviews): candidate reviews-v2 5 % → 20 %',
      'chore(reviews): promote reviews-v2',
      'chore(reviews): remove reviews-v1-baseline',
    ]);
    expect(weights(workspace)).toEqual([0, 100]);
    expect(workspace.read(valuesFile)).not.toContain('baselineOf');
    expect(parse(workspace.read('releases/reviews/status.yaml')).baseline).toBeUndefined();
    // No pod of either version was restarted, and none was started twice.
    expect(['reviews-v1', 'reviews-v2'].map((name) => deployed(workspace, name))).toEqual(pods);
    expect((await workspace.run('replay', '--all')).stdout).toContain('5 decisions: 5 the same again');
  });

  test('a comparison with the primary would have taken what is new for what is wrong', async () => {
    const { mesh, workspace } = await ground(values.replace('baseline: fresh', 'baseline: primary'));
    const [, judged] = await passes(mesh, workspace, 2);
    expect(judged?.stdout).toContain('reviews: roll back reviews-v2 5 % → 0 %');
  });

  test('takes it out of the route with a candidate that fails, and leaves the values as they were', async () => {
    const { mesh, workspace } = await ground(values, { 'reviews-v2': 0.3 });
    const outcomes = await passes(mesh, workspace, 5);
    expect(outcomes.at(-1)?.stdout).toContain('reviews: roll back reviews-v2 5 % → 0 %');
    expect(weights(workspace)).toEqual([100, 0, 0]);
    for (const name of ['reviews-v1-baseline', 'reviews-v2']) silence(mesh, name);
    await passes(mesh, workspace, 2);
    expect(workspace.read(valuesFile)).toBe(values);
    const [after] = await passes(mesh, workspace, 1);
    expect(after?.stdout).toContain('reviews: nothing to decide');
  });

  test.each([
    ['threshold', 1, 'objectives: [{metric: error-rate, maxRatio: 1.5}]'],
    ['sequential', 1, 'objectives: [{metric: error-rate}]'],
    ['threshold', 0.4, 'objectives: [{metric: error-rate, maxRatio: 1.5}]'],
  ])(
    'with the judge %s promotes nobody beside a baseline that answers %f errors',
    async (judge, broken, objectives) => {
      const text = values.replace('threshold', judge).replace(/objectives: .*/, objectives);
      const { mesh, workspace } = await ground(text, { 'reviews-v1-baseline': broken, 'reviews-v2': broken * 0.3 });
      const outcomes = await passes(mesh, workspace, 5);
      expect(outcomes.at(-1)?.stdout).toMatch(
        /reviews-v1-baseline is broken: \d+ % of its requests fail, and 0\.\d+ % of those of reviews-v1, of which it is a copy: nothing is concluded on reviews-v2/,
      );
      expect(weights(workspace)).toEqual([100, 0, 0]);
      expect(parse(workspace.read('releases/reviews/status.yaml'))).toMatchObject({ phase: 'Paused', settled: [] });
      expect((await workspace.run('replay', '--all')).stdout).toContain('3 decisions: 3 the same again');
    },
  );

  test('judges what is routed by hand during a freeze, which has no baseline then', async () => {
    const { mesh, workspace } = await ground(values, { 'reviews-v2': 0.1 });
    await workspace.ran('freeze', '--reason', 'sale');
    workspace.commit({
      [valuesFile]: workspace.read(valuesFile).replace('100', '90').replace('weight: 0', 'weight: 10'),
    });
    const [, judged] = await passes(mesh, workspace, 2);
    expect(judged?.stdout).toContain('reviews: roll back reviews-v2 10 % → 0 %');
    expect(judged?.stdout).toMatch(/ of reviews-v1\n/);
  });

  test('goes back to where both were routed, and on from there', async () => {
    const { mesh, workspace } = await ground();
    await passes(mesh, workspace, 4);
    const routed = workspace.git('rev-parse', 'HEAD').trim();
    await passes(mesh, workspace, 1);
    await workspace.ran('rollback', 'reviews', '--to', routed);
    expect(weights(workspace)).toEqual([90, 5, 5]);
    const [adopted] = await passes(mesh, workspace, 1);
    expect(adopted?.stdout).toContain('reviews-v2 has 5 % by no decision of ours: it is analysed from there');
    expect(weights(workspace)).toEqual([90, 5, 5]);
  });

  test('pauses where a person changes the primary, and starts again with a copy of what it is by then', async () => {
    const { mesh, workspace } = await ground();
    await passes(mesh, workspace, 4);
    const changed = workspace.read(valuesFile).replace('reviews:v1   # proven', 'reviews:v1.1');
    workspace.commit({ [valuesFile]: changed });
    const [paused, stays] = await passes(mesh, workspace, 2);
    expect(paused?.stdout).toContain('reviews-v1 was changed while reviews-v2 is compared with it');
    expect(stays?.stdout).toContain('reviews: hold reviews-v2 at 5 %');
    await workspace.ran('resume', 'reviews');
    const [again] = await passes(mesh, workspace, 1);
    expect(again?.stdout).toContain(
      'reviews-v1-baseline is no copy of reviews-v1 at the size of reviews-v2 any more: the analysis of reviews-v2 starts again',
    );
    expect(weights(workspace)).toEqual([100, 0, 0]);
    for (const name of ['reviews-v1-baseline', 'reviews-v2']) silence(mesh, name);
    const [gone, added] = await passes(mesh, workspace, 2);
    expect(gone?.stdout).toContain('reviews: remove reviews-v1-baseline');
    expect(added?.stdout).toContain('reviews: prepare reviews-v2');
    expect(versionsIn(workspace).map(({ image }) => image)).toEqual(
      ['v1.1', 'v2', 'v1.1'].map((tag) => `registry.example/reviews:${tag}`),
    );
  });

  test('names the versions before it, where their names followed from positions', async () => {
    const nameless = values
      .replace('- metadata: {name: reviews-v1, labels: {tier: web}}\n    image', '- image')
      .replace('- metadata: {name: reviews-v2}\n    image', '- image');
    const { mesh, workspace } = await ground(nameless, { 'reviews-0': 0, 'reviews-0-baseline': 0, 'reviews-1': 0 });
    await passes(mesh, workspace, 4);
    const { application } = parse(workspace.read(valuesFile));
    expect(application).toMatchObject({
      primary: 'reviews-0',
      versions: [
        { metadata: { name: 'reviews-0' }, weight: 90 },
        { metadata: { name: 'reviews-1' }, weight: 5 },
        { baselineOf: 'reviews-0', metadata: { name: 'reviews-0-baseline' }, weight: 5 },
      ],
    });
  });

  test('starts again where a person takes it out', async () => {
    const { mesh, workspace } = await ground();
    await passes(mesh, workspace, 4);
    const text = workspace.read(valuesFile).replace(/ {2}- baselineOf.*?(?=analysis:)/s, '');
    workspace.commit({ [valuesFile]: text });
    const [again] = await passes(mesh, workspace, 1);
    expect(again?.stdout).toContain('there is no fresh baseline: the analysis of reviews-v2 starts again');
    expect(weights(workspace)).toEqual([100, 0]);
  });

  test('goes on watching a promotion by the evidence that was counted beside it', async () => {
    const { mesh, workspace } = await ground(values.replace('rollout: {', 'rollout: {rollbackWindow: 6m, '));
    await passes(mesh, workspace, 6);
    silence(mesh, 'reviews-v1-baseline');
    const [watched] = await passes(mesh, workspace, 1);
    expect(watched?.stdout).toMatch(/reviews-v2 is watched until .*, with a way back to reviews-v1/);
    expect(weights(workspace)).toEqual([0, 100, 0]);
    await passes(mesh, workspace, 4);
    expect(workspace.subjects().slice(-3)).toEqual([
      'chore(reviews): promote reviews-v2',
      'chore(reviews): complete reviews-v2',
      'chore(reviews): remove reviews-v1-baseline',
    ]);
  });

  test('takes it out of the route with what a person aborts', async () => {
    const { mesh, workspace } = await ground();
    await passes(mesh, workspace, 4);
    await workspace.ran('abort', 'reviews');
    expect(weights(workspace)).toEqual([100, 0, 0]);
    expect(parse(workspace.read('releases/reviews/status.yaml')).baseline).toMatchObject({ leaving: true });
  });
});
