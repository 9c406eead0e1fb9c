import { runGit } from '../gitops/git.js';
import type { Ground } from './channel.js';
import type { ReleaseEvent } from './event.js';

const patience = 3_000;

/**
 * Returns the commit that wrote the image of the candidate into the values, or, where it has none, the last one there
 * that carries no decision. A commit without parents is none: a shallow clone knows no older ones.
 */
export async function broughtBy(
  { commit, written }: ReleaseEvent,
  { folder }: Pick<Ground, 'folder'>,
): Promise<string | undefined> {
  if (commit === undefined || written === undefined) return undefined;
  const { file, image } = written;
  const search = image === undefined ? ['--invert-grep', '--grep=^Sluice-Decision: '] : [`-S${image}`];
  const args = ['log', '-1', '--format=%H %P', ...search];
  const found = await runGit(args, { cwd: folder, revisions: [commit], paths: [file], timeout: patience });
  const [name, ...parents] = found.trim().split(' ');
  return parents.length === 0 || name === '' ? undefined : name;
}
