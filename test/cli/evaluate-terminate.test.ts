import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Mesh } from './mesh.js';
import { evaluationValues, ScratchWorkspace } from './workspace.js';

const valuesFile = 'releases/reviews/values.yaml';

/** A release whose candidates are under analysis, in a mesh where nobody fails. */
async function underway(
  candidates: number,
  strategy = 'blue-green',
): Promise<{ mesh: Mesh; workspace: ScratchWorkspace }> {
  const mesh = await Mesh.start();
  const services = Array.from({ length: candidates + 1 }, (_, position) => [`reviews-v${position + 1}`, 0] as const);
  mesh.services(Object.fromEntries(services));
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    [valuesFile]: `environment: istio
application:
  port: 9080
  strategy: ${strategy}
  versions:
${services.map(([name], position) => `  - {metadata: {name: ${name}}, image: "registry.example/r:${name}", weight: ${position === 0 ? 100 : 0}}`).join('\n')}
${evaluationValues}`,
  });
  await mesh.pass(workspace);
  return { mesh, workspace };
}

function wish(workspace: ScratchWorkspace, override: string): void {
  workspace.replace(valuesFile, 'rollout: {', `rollout: {override: ${override}, `);
  workspace.commit({});
}

function standing(workspace: ScratchWorkspace): unknown {
  const { primary, versions } = parse(workspace.read(valuesFile)).application;
  return [primary, ...versions.map(({ weight }: { weight: number }) => weight)];
}

describe('override: terminate with a split', () => {
  it('makes who gets everything the primary, once, and leaves values that hold', async () => {
    const { mesh, workspace } = await underway(1);
    wish(workspace, '{action: terminate, split: {reviews-v2: 100}}');
    await workspace.ran('validate');
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stderr: '' });
    expect(standing(workspace)).toEqual(['reviews-v2', 0, 100]);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): promote reviews-v2');
    await workspace.ran('validate');
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('commit') });
  });

  it('carries out a split that leaves the primary nothing: who has the most follows it', async () => {
    const { mesh, workspace } = await underway(2);
    await mesh.pass(workspace);
    wish(workspace, '{action: terminate, split: {reviews-v2: 80, reviews-v3: 20}}');
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stderr: '' });
    expect(standing(workspace)).toEqual(['reviews-v2', 0, 80, 20]);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): promote reviews-v2');
    const { versions, settled } = parse(workspace.read('releases/reviews/status.yaml'));
    expect(settled.map(({ name, outcome }: { name: string; outcome: string }) => `${name} ${outcome}`)).toEqual([
      'reviews-v3 terminated',
      'reviews-v1 replaced',
      'reviews-v2 promoted',
    ]);
    expect(versions).toMatchObject([
      { name: 'reviews-v1', weight: 0 },
      { name: 'reviews-v2', weight: 80 },
      { name: 'reviews-v3', weight: 20 },
    ]);
    await workspace.ran('validate');
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('commit') });
  });

  it('leaves the primary before it no copies where one of two mirrored candidates gets all', async () => {
    const { mesh, workspace } = await underway(2, 'mirrored');
    await mesh.pass(workspace);
    wish(workspace, '{action: terminate, split: {reviews-v2: 100, reviews-v3: 10}}');
    await workspace.ran('validate');
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stderr: '' });
    expect(standing(workspace)).toEqual(['reviews-v2', 0, 100, 10]);
    expect(parse(workspace.read('releases/reviews/status.yaml')).versions).toMatchObject([
      { name: 'reviews-v1', weight: 0 },
      { name: 'reviews-v2', weight: 100 },
      { name: 'reviews-v3', weight: 10 },
    ]);
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('commit') });
  });

  it('takes a split that names the primary as well', async () => {
    const { mesh, workspace } = await underway(1);
    wish(workspace, '{action: terminate, split: {reviews-v1: 70, reviews-v2: 30}}');
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stderr: '' });
    expect(standing(workspace)).toEqual([undefined, 70, 30]);
    // A person may still make the candidate the primary: the values hold beside what is wished for.
    await workspace.ran('promote', 'reviews');
    expect(standing(workspace)).toEqual(['reviews-v2', 0, 100]);
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('commit') });
  });
});
