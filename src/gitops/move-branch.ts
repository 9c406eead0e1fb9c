import { GitError } from '../errors.js';
import { askGit, gitFailure } from './git.js';
import type { Repository } from './repository.js';

/** From where to where; undefined before the first commit. */
interface Move {
  readonly from: string | undefined;
  readonly to: string;
}

const elsewhere = /but expected|reference already exists|unable to resolve reference/;

/**
 * Moves a branch by compare-and-swap.
 *
 * @throws GitError, `git/moved` when the branch stands elsewhere
 */
export async function moveBranch({ root, branch }: Repository, { from, to }: Move): Promise<void> {
  const expected = from ?? '0'.repeat(to.length);
  const answer = await askGit(['update-ref', '-m', 'sluice', branch, to, expected], { cwd: root });
  if (answer.status === 0) return;
  if (!elsewhere.test(answer.words)) throw gitFailure(answer, { command: 'update-ref', cwd: root });
  throw new GitError(`Cannot move ${branch} on from ${from ?? 'no commit'}: ${answer.words}`, {
    code: 'git/moved',
    path: root,
    hint: 'Run the command again: it starts from the commit that is there now.',
  });
}
