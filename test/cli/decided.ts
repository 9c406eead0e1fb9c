import { Mesh } from './mesh.js';
import { twoVersions } from './status-terminal.js';
import { evaluationValues, ScratchWorkspace } from './workspace.js';

/** Returns a workspace of two releases after three passes: reviews is promoted, team/ratings failed. */
export async function twoDecided(): Promise<ScratchWorkspace> {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'ratings-v1': 0.001, 'ratings-v2': 0.4 });
  const decided = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/reviews/values.yaml': twoVersions('reviews', [100, 0], evaluationValues),
    'releases/team/ratings/values.yaml': twoVersions('ratings', [100, 0], evaluationValues),
  });
  for (let i = 0; i < 3; i++) await mesh.pass(decided);
  return decided;
}
