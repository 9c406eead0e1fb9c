import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tally } from './load.js';
import { Mesh } from './mesh.js';
import { ReleaseUnderLoad } from './release-under-load.js';
import { environments, type RoutedEnvironment } from './release-values.js';

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

// Each has a release of its own, and waits most of the time.
describe.concurrent.each(environments)('%s under load', (environment) => {
  test('loses no request in a whole rollout, until the old version is gone', async () => {
    const release = await started(environment, 'promoted');
    await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 95, v2: 5 });
    await release.commit({ v1: 50, v2: 50 });
    const promoted = await release.commit({ v1: 0, v2: 100 }, 'v2');
    await release.commit({ v2: 100 });
    await release.stop();
    expect(release.failures).toEqual([]);
    expect(tally(release.lateAnswersOf(release.v1, promoted))).toEqual({});
    expect(release.lateAnswersOf(release.v2, promoted).length).toBeGreaterThan(0);
    // Else nothing would show that its answers are seen.
    expect(release.lateAnswersOf(release.v1, 0).length).toBeGreaterThan(0);
  });

  test('loses no request when a candidate is rolled back, and then leaves', async () => {
    const release = await started(environment, 'rolled-back');
    await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 80, v2: 20 });
    const rolledBack = await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 100 });
    await release.stop();
    expect(release.failures).toEqual([]);
    expect(tally(release.lateAnswersOf(release.v2, rolledBack))).toEqual({});
    expect(release.lateAnswersOf(release.v2, 0).length).toBeGreaterThan(0);
  });

  test('loses requests when a workload leaves together with its route', async () => {
    const release = await started(environment, 'torn');
    await release.commit({ v1: 100, v2: 0 });
    await release.commit({ v1: 50, v2: 50 });
    await release.commit({ v1: 100 });
    await release.stop();
    expect(release.failures.length).toBeGreaterThan(0);
  });
});

async function started(environment: RoutedEnvironment, name: string): Promise<ReleaseUnderLoad> {
  const release = new ReleaseUnderLoad(mesh, environment, `${name}-on-${environment}`);
  await release.start();
  return release;
}
