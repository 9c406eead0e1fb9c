import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Mesh } from './mesh.js';
import { ReleaseUnderLoad } from './release-under-load.js';
import { type Stage, stages } from './stages.js';
import type { VersionBackend } from './version-backend.js';

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

// Each has a release of its own, and waits most of the time.
describe.concurrent.each(stages)('$title under load', (stage) => {
  test('loses no request in a whole rollout, until the old version is gone', async () => {
    const release = await started(stage, 'promoted');
    await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 95, v2: 5 });
    await release.commit({ v1: 50, v2: 50 });
    const promoted = await release.commit({ v1: 0, v2: 100, primary: 'v2' });
    await release.outlastGrace(promoted);
    await release.commit({ v2: 100 });
    await release.stop();
    expect(release.failures).toEqual([]);
    expect(release.lateAnswersOf(release.v1, promoted)).toBe(0);
    expect(release.lateAnswersOf(release.v2, promoted)).toBeGreaterThan(0);
    // Else nothing would show that its answers are seen.
    expect(release.answersOf(release.v1)).toBeGreaterThan(0);
  });

  test('loses no request when a candidate is rolled back, and then leaves', async () => {
    const release = await started(stage, 'rolled-back');
    await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 80, v2: 20 });
    const rolledBack = await release.commit({ v1: 100, v2: 0 });
    await release.outlastGrace(rolledBack);
    await release.commit({ v1: 100 });
    await release.stop();
    expect(release.failures).toEqual([]);
    expect(release.lateAnswersOf(release.v2, rolledBack)).toBe(0);
    expect(release.answersOf(release.v2)).toBeGreaterThan(0);
  });

  test('loses requests when a workload leaves together with its route', async () => {
    const release = await started(stage, 'torn');
    await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 50, v2: 50 });
    await release.commit({ v1: 100 });
    await release.stop();
    expect(release.failures.length).toBeGreaterThan(0);
  });

  test('has late answers where a route says one version and leads to another', async () => {
    const release = await started(stage, 'late');
    await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 50, v2: 50 });
    const toFirst = new RegExp(`(${destinations.join('|')})${release.v1.name}\\b`, 'g');
    const mistake = (text: string) => text.replace(toFirst, `$1${release.v2.name}`);
    const rolledBack = await release.commit({ v1: 100, v2: 0, mistake });
    await release.outlastGrace(rolledBack);
    await release.stop();
    expect(release.lateAnswersOf(release.v2, rolledBack)).toBeGreaterThan(0);
  });
});

/** What stands before the name of a version where a route leads to it, in JSON. */
const destinations = ['"host":"', '"Host":"', '"kind":"Service","name":"', '"mm-vmodel-id":"'];

const rewriting = stages.filter(({ title }) => title === 'kserve');

test.each(rewriting)(
  '$title under load loses requests where a path is rewritten to that of another model',
  async (stage) => {
    const release = await started(stage, 'rewritten');
    await release.commit({ v1: 100, v2: 0 });
    const pathOf = ({ name }: VersionBackend) => `/v2/models/${name}/infer`;
    const mistake = (text: string) => text.replaceAll(pathOf(release.v2), pathOf(release.v1));
    await release.commit({ v1: 50, v2: 50, mistake });
    await release.stop();
    const whose = release.failures.map((failure) => failure.split(' after ')[0]);
    expect([...new Set(whose)]).toEqual([`status 404 of ${release.v2.name}`]);
  },
);

async function started(stage: Stage, title: string): Promise<ReleaseUnderLoad> {
  const release = new ReleaseUnderLoad(mesh, stage, title);
  await release.start();
  return release;
}
