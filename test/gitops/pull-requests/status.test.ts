import { expect, it } from 'vitest';
import { start } from '../../cli/workspace.js';
import { useForge } from './forge-ground.js';
import type { RequestGround } from './ground.js';

const hub = useForge();

/** A release whose candidate has passed its last step, so that its promotion is due. */
async function beforePromotion(): Promise<RequestGround> {
  const ground = await hub.ground('[promote]', '', { begin: start });
  await ground.passes(2);
  ground.mesh.flow(ground.workspace);
  ground.workspace.now = ground.mesh.simulator.now;
  return ground;
}

const due = 'due: promote reviews-v2';

it('status --live says that a decision would wait for a merge, and which request it waits for', async () => {
  const { workspace } = await beforePromotion();
  expect(await workspace.ran('status')).toContain('may wait for a merge');
  expect(hub.forge.exchanges).toEqual([]);
  const before = await workspace.ran('status', 'reviews', '--live');
  expect(before).toContain(`${due}; would wait for the merge of a pull request`);

  await workspace.ran('evaluate');
  const [next] = JSON.parse(await workspace.ran('status', '--live', '-o', 'json')).releases.map(
    (release: { readonly next: object }) => release.next,
  );
  expect(next).toMatchObject({ kind: 'promote', request: expect.stringMatching(/\/1$/) });
  expect(next.text).toBe(`${due}; waits for the merge of ${next.request}`);
});

it('status --live shows what is known where the server of requests cannot be asked, and ends with 2', async () => {
  const { workspace } = await beforePromotion();
  await hub.forge.stop();
  const { code, stdout, stderr } = await workspace.run('status', 'reviews', '--live');
  expect(code).toBe(2);
  expect(stdout).toContain(due);
  expect(stderr).toContain('git.pullRequests: ');
});
