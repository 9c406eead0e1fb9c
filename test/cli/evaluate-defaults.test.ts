import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Mesh } from './mesh.js';
import { ScratchWorkspace } from './workspace.js';

const file = 'releases/reviews/values.yaml';

/** Neither a judge nor a policy: those that sluice takes by itself. */
const values = `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: reviews-v1}, image: "registry.example/reviews:v1", weight: 100}
  - {metadata: {name: reviews-v2}, image: "registry.example/reviews:v2", weight: 0}
analysis:
  interval: 60s
  objectives: [{metric: error-rate}, {metric: latency-mean, maxRatio: 1.2}]
`;

describe('evaluate() by default', () => {
  it('ramps a good candidate up on the ladder, and promotes it after an hour', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.002, 'reviews-v2': 0.002 });
    const shares: number[] = [];
    for (let minutes = 2; minutes <= 90; minutes += 2) {
      // Once it has what it needs, a pass every ten minutes tells the same.
      for (; minutes > 16 && minutes % 10 > 0; minutes += 2) mesh.flow(workspace);
      expect(await mesh.pass(workspace)).toMatchObject({ code: 0, stderr: '' });
      const { phase, share = 100 } = statusOf(workspace);
      shares.push(share);
      if (phase === 'Completed') break;
      // Not before an hour has gone by since it entered.
      expect(minutes).toBeLessThan(90);
    }
    expect(shares.length).toBeGreaterThanOrEqual(14);
    expect([...new Set(shares)]).toEqual(shares.filter((share, i) => share !== shares[i - 1]));
    for (const share of shares) expect([1, 2, 5, 10, 20, 35, 100]).toContain(share);
    expect(parse(workspace.read(file)).application.primary).toBe('reviews-v2');
    expect(statusOf(workspace).message).toMatch(/^reviews-v2 is no worse: error-rate /);
  });

  it('rolls a bad candidate back at once, and says how sure it is', async () => {
    const { mesh, workspace } = await ground({ 'reviews-v1': 0.002, 'reviews-v2': 0.2 });
    await mesh.pass(workspace);
    const { stdout } = await mesh.pass(workspace);
    expect(stdout).toMatch(/^reviews: roll back reviews-v2 2 % → 0 %\n {2}reviews-v2 is worse: error-rate /);
    expect(stdout).toContain('where 100 is enough');
  });
});

async function ground(services: { readonly [service: string]: number }) {
  const mesh = await Mesh.start();
  mesh.services(services);
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [file]: values });
  return { mesh, workspace };
}

function statusOf(workspace: ScratchWorkspace) {
  return parse(workspace.read('releases/reviews/status.yaml'));
}
