import { expect, test } from 'vitest';
import { Mesh } from '../cli/mesh.js';
import { twoVersions } from '../cli/status-terminal.js';
import { evaluationValues, ScratchWorkspace } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

/** Three releases after two passes: one goes on, one was rolled back, one is changed by hand. */
async function workspace(): Promise<ScratchWorkspace> {
  const mesh = await Mesh.start();
  mesh.services({ 'details-v1': 0, 'details-v2': 0, 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
  mesh.services({ 'ratings-v1': 0.001, 'ratings-v2': 0.2 });
  const scratch = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/details/values.yaml': twoVersions('details', [100, 0]),
    'releases/team/ratings/values.yaml': twoVersions('ratings', [100, 0], evaluationValues),
    'releases/reviews/values.yaml': twoVersions('reviews', [100, 0], evaluationValues),
  });
  for (let i = 0; i < 2; i++) await mesh.pass(scratch);
  scratch.now += 45;
  return scratch;
}

/** What no two runs have in common: the time of a commit, and its name; and hashes of evidence, which holds every default. */
function masked(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\dZ/g, 'WHEN')
    .replace(/\b[0-9a-f]{40}\b/g, 'COMMIT')
    .replace(/sha256:[0-9a-f]{16}/g, 'HASH')
    .replace(/(?<=Ada {2})[0-9a-f]{10}\b/g, 'COMMIT');
}

test.each(['docs/status.md', 'docs/history.md'])('%s shows what its commands print', async (path) => {
  const scratch = await workspace();
  const shown = blocks(page(path), 'console');
  expect(shown.length).toBeGreaterThan(1);
  for (const { text } of shown) {
    const [call = '', ...lines] = text.split('\n');
    const { stdout } = await scratch.run(...call.replace('$ sluice ', '').split(' '));
    expect(masked(stdout), call).toBe(masked(lines.join('\n')));
  }
});
