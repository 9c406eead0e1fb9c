import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Mesh } from './mesh.js';
import { twoVersions } from './status-terminal.js';
import { evaluationValues, ScratchWorkspace } from './workspace.js';

const statusFile = 'releases/reviews/status.yaml';
const valuesFile = 'releases/reviews/values.yaml';

async function ground(
  services: { readonly [service: string]: number },
  rest = evaluationValues,
): Promise<{ mesh: Mesh; workspace: ScratchWorkspace }> {
  const mesh = await Mesh.start();
  mesh.services(services);
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    [valuesFile]: twoVersions('reviews', [100, 0], rest),
  });
  return { mesh, workspace };
}

async function passes(mesh: Mesh, workspace: ScratchWorkspace, count: number): Promise<void> {
  for (let i = 0; i < count; i++) expect(await mesh.pass(workspace)).toMatchObject({ code: 0 });
}

function status(workspace: ScratchWorkspace) {
  return parse(workspace.read(statusFile));
}

describe("status.yaml tells the winner by Iter8's rules:", () => {
  it('the primary has won where it keeps every limit and no candidate does', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.4 });
    await passes(mesh, workspace, 2);
    const { winner, versions } = status(workspace);
    expect(winner).toEqual({ currentBest: 'reviews-v1', found: true });
    expect(versions[0]).toMatchObject({
      name: 'reviews-v1',
      assessments: [{ metric: 'error-rate', classification: 'pass', value: expect.any(Number), limit: 0.05 }],
    });
  });

  it('nobody has won where the primary breaks a limit as well', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.2, 'reviews-v2': 0.4 });
    await passes(mesh, workspace, 2);
    const { winner, versions } = status(workspace);
    expect(winner).toEqual({ currentBest: 'reviews-v1', found: false });
    expect(versions[0].assessments).toMatchObject([{ classification: 'high', limit: 0.05 }]);
  });

  it('the primary has won where its reward is the better one', async () => {
    const rest = `analysis:
  interval: 60s
  judge: bayesian
  minDuration: 1m
  maxDuration: 6m
  objectives: [{metric: error-rate, upperLimit: 0.2}]
  rewards: [{metric: error-rate, preferredDirection: low}]
rollout: {policy: progressive, entryShare: 20}
`;
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.05 }, rest);
    await passes(mesh, workspace, 8);
    expect(status(workspace)).toMatchObject({
      phase: 'RolledBack',
      message: expect.stringContaining('reviews-v1 has the better error-rate'),
      winner: { currentBest: 'reviews-v1', found: true },
    });
  });
});

describe('status.yaml tells nothing that is no longer so:', () => {
  it('who was promoted and rolled back has not won', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
    await passes(mesh, workspace, 10);
    expect(status(workspace)).toMatchObject({ phase: 'Completed', winner: { currentBest: 'reviews-v2', found: true } });
    await workspace.ran('rollback', 'reviews');
    expect(status(workspace)).toMatchObject({
      phase: 'RolledBack',
      winner: { currentBest: 'reviews-v1', found: false },
      versions: [{ name: 'reviews-v1' }, { name: 'reviews-v2', outcome: 'pass' }],
    });
    await workspace.ran('replay', '--all');
  });

  it('of one that was changed, nothing is known', async () => {
    const rest = evaluationValues.replace('[5, 50]', '[{weight: 6, duration: 20m}, 30]');
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.001 }, rest);
    const third = '  - {metadata: {name: reviews-v3}, image: "registry.example/reviews:v3", weight: 0}\n';
    workspace.replace(valuesFile, /^(?=analysis:)/m, third);
    workspace.commit({});
    await passes(mesh, workspace, 4);
    const best = status(workspace).winner.currentBest;
    expect(status(workspace).versions).toHaveLength(3);
    expect(['reviews-v2', 'reviews-v3']).toContain(best);
    workspace.replace(valuesFile, `${best.replace('-', ':')}`, `${best.replace('-', ':')}.1`);
    workspace.commit({});
    await passes(mesh, workspace, 1);
    const { winner, versions } = status(workspace);
    expect(winner).toEqual({ currentBest: 'reviews-v1', found: false });
    expect(versions.map(({ name }: { name: string }) => name)).not.toContain(best);
    await workspace.ran('replay', '--all');
  });
});

describe('status.yaml goes on telling of an analysis', () => {
  it('when it began and ended, also in a look a day later', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.4 });
    await passes(mesh, workspace, 1);
    const { startedAt } = status(workspace);
    await passes(mesh, workspace, 1);
    const after = status(workspace);
    expect(after).toMatchObject({ phase: 'RolledBack', startedAt });
    workspace.now += 86_400;
    const { decisions } = JSON.parse(await workspace.ran('evaluate', '-o', 'json'));
    expect(decisions[0].report).toMatchObject({ endedAt: after.endedAt, winner: after.winner });
    expect(decisions[0].report.versions).toEqual(after.versions);
  });

  it('that a person ends, with what was found last', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
    await passes(mesh, workspace, 2);
    const before = status(workspace);
    workspace.replace(valuesFile, 'rollout: {', 'rollout: {override: {action: terminate}, ');
    workspace.commit({});
    await passes(mesh, workspace, 1);
    const { phase, startedAt, verdict, assessments, winner, versions } = status(workspace);
    expect({ phase, startedAt, verdict, assessments, winner }).toEqual({
      phase: 'Terminated',
      startedAt: before.startedAt,
      verdict: 'pass',
      assessments: before.assessments,
      winner: before.winner,
    });
    expect(versions).toEqual([
      { ...before.versions[0], weight: 100 },
      { ...before.versions[1], weight: 0 },
    ]);
  });

  it('whose cleanup comes later, with its end and what was found', async () => {
    const rest = evaluationValues.replace('rollout: {', 'rollout: {cleanup: true, ');
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 }, rest);
    await passes(mesh, workspace, 4);
    const before = status(workspace);
    expect(before.phase).toBe('Completed');
    mesh.simulator.service({ namespace: 'default', service: 'reviews-v1' }, { rate: 0 });
    await passes(mesh, workspace, 2);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): remove reviews-v1');
    const { startedAt, endedAt, winner, versions, verdict } = before;
    expect(status(workspace)).toMatchObject({ startedAt, endedAt, winner, versions, verdict });
  });

  it('and forgets it with the next one', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.4 });
    await passes(mesh, workspace, 2);
    workspace.replace(valuesFile, 'reviews:v2', 'reviews:v2.1');
    workspace.commit({});
    await passes(mesh, workspace, 1);
    const { phase, winner, versions, endedAt, verdict } = status(workspace);
    expect({ phase, winner, versions, endedAt, verdict }).toEqual({ phase: 'Progressing' });
  });
});

it('sluice status counts a pause from the pause', async () => {
  const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
  await passes(mesh, workspace, 2);
  workspace.replace(valuesFile, 'reviews:v1', 'reviews:v1.1');
  workspace.commit({});
  await passes(mesh, workspace, 1);
  workspace.now += 180;
  expect(await workspace.ran('status', 'reviews')).toContain('Paused for 3 min');
});

it('evaluate() commits an end without a conclusion as one, and names all that it leaves', async () => {
  const rest = evaluationValues
    .replace('60s', '60s\n  minRequests: 100000000\n  maxDuration: 5m')
    .replace('rollout: {', 'rollout: {entryShare: 10, ')
    .replace('steps, steps: [5, 50]', 'uniform');
  const { mesh, workspace } = await ground({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.001 }, rest);
  await workspace.ran('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
  await passes(mesh, workspace, 5);
  expect(status(workspace).phase).toBe('Inconclusive');
  expect(workspace.subjects().at(-1)).toBe('chore(reviews): leave reviews-v2, reviews-v3 undecided');
});
