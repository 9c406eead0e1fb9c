import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { Mesh } from './mesh.js';
import { evaluationValues, ScratchWorkspace } from './workspace.js';

const valuesFile = 'releases/reviews/values.yaml';

/** A release of these services that cleans up, the first of which is the primary. */
async function ground(
  services: { readonly [service: string]: number },
  { steps = '[5, 50]', kind = 'blue-green', cleanup = true } = {},
): Promise<{ mesh: Mesh; workspace: ScratchWorkspace }> {
  const mesh = await Mesh.start();
  mesh.services(services);
  const versions = Object.keys(services).map(
    (name, position) => `  - metadata: {name: ${name}}
    image: registry.example/${name.replace('-', ':')}
    weight: ${position === 0 ? 100 : 0}
`,
  );
  const rest = evaluationValues
    .replace('60s', '60s\n  maxDuration: 3h')
    .replace('rollout: {', `rollout: {cleanup: ${cleanup}, `)
    .replace('[5, 50]', steps);
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    [valuesFile]: `environment: istio
application:
  port: 9080
  strategy: ${kind}
  versions:
${versions.join('')}${rest}`,
  });
  return { mesh, workspace };
}

/** Passes in a cluster that has followed each by the next: only what the route names has traffic. */
async function passes(mesh: Mesh, workspace: ScratchWorkspace, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    for (const service of ['reviews-v1', 'reviews-v2', 'reviews-v3']) {
      mesh.simulator.service({ namespace: 'default', service }, { rate: 0 });
    }
    expect(await mesh.pass(workspace)).toMatchObject({ code: 0 });
  }
}

function names(workspace: ScratchWorkspace): string[] {
  const { versions } = parse(workspace.read(valuesFile)).application;
  return versions.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
}

function removals(workspace: ScratchWorkspace): string[] {
  return workspace.subjects().filter((subject) => subject.includes('remove'));
}

const bad = { 'reviews-v1': 0.001, 'reviews-v2': 0.4 };

it('cleanup takes the entry of a version that failed out, a confirmed pass after it left the route', async () => {
  const { mesh, workspace } = await ground(bad);
  await passes(mesh, workspace, 3);
  expect(workspace.subjects().at(-1)).toBe('chore(reviews): roll back reviews-v2 5 % → 0 %');
  await passes(mesh, workspace, 3);
  expect(removals(workspace)).toEqual(['chore(reviews): remove reviews-v2']);
  expect(names(workspace)).toEqual(['reviews-v1']);
  expect(workspace.read('rendered/reviews/manifests.yaml')).not.toContain('reviews-v2');
  expect(parse(workspace.read('releases/reviews/status.yaml'))).toMatchObject({
    phase: 'RolledBack',
    winner: { currentBest: 'reviews-v1', found: true },
    versions: [{ name: 'reviews-v1' }, { name: 'reviews-v2', outcome: 'fail' }],
  });
  await workspace.ran('replay', '--all');
  const again = await workspace.run('candidate', 'reviews', '--image', 'registry.example/reviews:v2');
  expect(again.stderr).toContain('it was rolled back at');
  await passes(mesh, workspace, 2);
  expect(removals(workspace)).toHaveLength(1);
});

it('cleanup leaves what failed as long as requests reach it, and without rollout.cleanup for good', async () => {
  const { mesh, workspace } = await ground(bad);
  await passes(mesh, workspace, 2);
  // The cluster does not follow.
  for (let i = 0; i < 5; i++) {
    mesh.simulator.advance(120);
    workspace.now = mesh.simulator.now;
    await workspace.ran('evaluate');
  }
  expect(names(workspace)).toEqual(['reviews-v1', 'reviews-v2']);
  const kept = await ground(bad, { cleanup: false });
  await passes(kept.mesh, kept.workspace, 8);
  expect(names(kept.workspace)).toEqual(['reviews-v1', 'reviews-v2']);
});

it('cleanup takes out who failed while others are still analysed, who go on', async () => {
  const services = { 'reviews-v1': 0.001, 'reviews-v2': 0.4, 'reviews-v3': 0.001 };
  const { mesh, workspace } = await ground(services, { steps: '[{weight: 6, duration: 20m}, 30]' });
  await passes(mesh, workspace, 6);
  expect(removals(workspace)).toEqual(['chore(reviews): remove reviews-v2']);
  const { phase, candidate, share } = parse(workspace.read('releases/reviews/status.yaml'));
  expect({ phase, candidate, share }).toEqual({ phase: 'Progressing', candidate: 'reviews-v3', share: 6 });
  await workspace.ran('replay', '--all');
  await passes(mesh, workspace, 10);
  expect(parse(workspace.read(valuesFile)).application.primary).toBe('reviews-v3');
});

it('cleanup takes out who lost, after the version that was replaced', async () => {
  const services = { 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.001 };
  const { mesh, workspace } = await ground(services);
  await passes(mesh, workspace, 10);
  expect(removals(workspace)).toEqual(['chore(reviews): remove reviews-v1', 'chore(reviews): remove reviews-v2']);
  expect(names(workspace)).toEqual(['reviews-v3']);
  await workspace.ran('replay', '--all');
});

it('cleanup leaves a version that a person changes, which is a candidate again', async () => {
  const { mesh, workspace } = await ground(bad);
  await passes(mesh, workspace, 2);
  workspace.replace(valuesFile, 'reviews:v2', 'reviews:v2.1');
  workspace.commit({});
  mesh.services({ 'reviews-v2': 0.001 });
  await passes(mesh, workspace, 3);
  expect(parse(workspace.read(valuesFile)).application.primary).toBe('reviews-v2');
});

it('cleanup leaves what a person aborts, and takes out what a person rolls back or replaces', async () => {
  const good = { 'reviews-v1': 0.001, 'reviews-v2': 0.001 };
  for (const [command, left] of [
    ['abort', ['reviews-v1', 'reviews-v2']],
    ['rollback', ['reviews-v1']],
    ['promote', ['reviews-v2']],
  ] as const) {
    const { mesh, workspace } = await ground(good);
    await passes(mesh, workspace, 1);
    await workspace.ran(command, 'reviews');
    await passes(mesh, workspace, 5);
    expect(names(workspace), command).toEqual(left);
  }
});

it('cleanup leaves what it took out and a person has put back, also after later decisions', async () => {
  const services = { ...bad, 'reviews-v3': 0.001 };
  for (const putBack of ['by hand', 'revert', 'rollback --to'] as const) {
    const { mesh, workspace } = await ground(bad);
    await passes(mesh, workspace, 3);
    const [before, withIt] = [workspace.head, workspace.read(valuesFile)];
    await passes(mesh, workspace, 3);
    expect(names(workspace)).toEqual(['reviews-v1']);
    if (putBack === 'by hand') workspace.commit({ [valuesFile]: withIt });
    else if (putBack === 'revert') workspace.git('revert', '--no-edit', 'HEAD');
    else await workspace.ran('rollback', 'reviews', '--to', before);
    await passes(mesh, workspace, 3);
    expect(names(workspace), putBack).toEqual(['reviews-v1', 'reviews-v2']);

    const third = '  - {metadata: {name: reviews-v3}, image: "registry.example/reviews:v3", weight: 0}\n';
    workspace.replace(valuesFile, /^(?=analysis:)/m, third);
    workspace.commit({});
    mesh.services(services);
    // Whoever decides next, what a person put back is known to stay.
    if (putBack === 'revert') await workspace.ran('promote', 'reviews', '--version', 'reviews-v3');
    await passes(mesh, workspace, 12);
    expect(names(workspace), putBack).toContain('reviews-v2');
    expect(parse(workspace.read(valuesFile)).application.primary, putBack).toBe('reviews-v3');
    await workspace.ran('replay', '--all');
  }
});

it('cleanup leaves a version whose requests are counted, though something else of it is not known', async () => {
  const { mesh, workspace } = await ground(bad);
  await passes(mesh, workspace, 3);
  const end = Math.ceil(workspace.now / 60) * 60;
  const rows = Array.from({ length: 30 }, (_, i) => end + i * 60).flatMap((at) => {
    const time = new Date(at * 1000).toISOString();
    return [`${time},reviews-v1,6000,0,1000`, `${time},reviews-v2,300,0,`];
  });
  workspace.commit({
    'sluice.yaml': 'metrics: {source: file, path: windows.csv}\n',
    'windows.csv': ['end,version,requests,errors,latencySum', ...rows, ''].join('\n'),
  });
  for (let i = 0; i < 5; i++) {
    workspace.now += 120;
    await workspace.ran('evaluate');
  }
  expect(names(workspace)).toEqual(['reviews-v1', 'reviews-v2']);
  workspace.commit({
    'windows.csv': workspace.read('windows.csv').replaceAll('reviews-v2,300,0,', 'reviews-v2,0,0,0'),
  });
  await workspace.ran('evaluate');
  expect(names(workspace)).toEqual(['reviews-v1']);
});
