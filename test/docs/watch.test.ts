import { expect, test } from 'vitest';
import { exposition } from '../../src/cli/watch/exposition.js';
import { emptyTally } from '../../src/cli/watch/tally.js';
import { Mesh } from '../cli/mesh.js';
import { Daemon } from '../cli/watch/daemon.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

const watchPage = page('docs/watch.md');

/** What no two runs have in common. */
function masked(log: string): string {
  return log.replace(/"commit":"[0-9a-f]{40}"/g, '"commit":"COMMIT"').replace(/"seconds":[\d.]+/g, '"seconds":0.2');
}

test('docs/watch.md shows the log as it is', async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
  const values = reviewsValues + evaluationValues;
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/reviews/values.yaml': values,
  });
  mesh.flow(workspace);
  const daemon = new Daemon(mesh.simulator.now);
  daemon.onNap = () => daemon.stop();
  await daemon.run(workspace.folder);
  expect(masked(daemon.stderr)).toBe(blocks(watchPage, 'json')[0]?.text);
});

test('docs/watch.md lists every metric with its type', () => {
  const tally = emptyTally(0);
  Object.assign(tally.times, { ended: 1, succeeded: 1 });
  const types = [...exposition(tally).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
  const shown = [...watchPage.text.matchAll(/^\| `(sluice_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => [name, type]);
  expect(types.length).toBeGreaterThan(5);
  expect(shown).toEqual(types);
});
