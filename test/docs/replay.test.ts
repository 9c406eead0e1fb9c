import { expect, test } from 'vitest';
import { Mesh } from '../cli/mesh.js';
import { twoVersions } from '../cli/status-terminal.js';
import { evaluationValues, ScratchWorkspace } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

/** A release that was promoted in three passes, and one that was rolled back. */
async function workspace(): Promise<ScratchWorkspace> {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'ratings-v1': 0.001, 'ratings-v2': 0.4 });
  const scratch = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/reviews/values.yaml': twoVersions('reviews', [100, 0], evaluationValues),
    'releases/team/ratings/values.yaml': twoVersions('ratings', [100, 0], evaluationValues),
  });
  for (let i = 0; i < 3; i++) await mesh.pass(scratch);
  return scratch;
}

/** What no two runs have in common: the names of commits; and hashes, which follow from every default. */
function masked(text: string): string {
  return text.replace(/^[0-9a-f]{10}\b/gm, 'COMMIT').replace(/sha256:[0-9a-f]{16}/g, 'HASH');
}

test('docs/replay.md shows what its commands print', async () => {
  const scratch = await workspace();
  const shown = blocks(page('docs/replay.md'), 'console');
  expect(shown).toHaveLength(4);
  for (const [i, { text }] of shown.entries()) {
    // The last one is on a decision that somebody rewrote.
    if (i === shown.length - 1) {
      scratch.replace('releases/reviews/values.yaml', 'weight: 100', 'weight: 90');
      scratch.git('commit', '--all', '--quiet', '--amend', '--no-edit');
    }
    const [call = '', ...lines] = text.split('\n');
    const { stdout } = await scratch.run(...call.replace('$ sluice ', '').split(' '));
    expect(masked(stdout), call).toBe(masked(lines.join('\n')));
  }
});
