import { GitError, isSluiceError } from '../errors.js';
import { type GitAnswer, gitFailure } from './git.js';
import { fetchTip, isAncestor, type Remote } from './remote.js';
import type { Repository } from './repository.js';

/**
 * Moves the branch of a server from `repository.head` to a commit after it, if it still stands there: never a forced
 * push, as the lease names a commit that the new one descends from.
 *
 * @returns why the branch was not moved when somebody else has moved it; undefined once it is
 * @throws GitError when the server refuses, or cannot be asked what it took
 */
export async function pushChain(
  repository: Repository,
  { remote, head }: { readonly remote: Remote; readonly head: string },
): Promise<string | undefined> {
  const { root } = repository;
  const lease = `--force-with-lease=${remote.branch}:${repository.head ?? ''}`;
  const options = ['--porcelain', '--no-follow-tags', '--recurse-submodules=no', lease];
  let failure: GitError;
  try {
    const answer = await remote.ask(['push', ...options, remote.name, `${head}:${remote.branch}`]);
    if (answer.status === 0) return undefined;
    failure = refused(answer, root);
    if (isUnsent(answer)) return failure.message;
  } catch (error) {
    if (!isSluiceError(error) || error.code !== 'git/timeout') throw error;
    failure = error;
  }
  return outcomeOf(repository, { remote, head, failure });
}

/**
 * The server may have taken what it never answered to, and somebody may have gone on from there; where the line is
 * cut, what carries git's words over http sends them again, and the second time they are refused.
 */
async function outcomeOf(
  repository: Repository,
  { remote, head, failure }: { readonly remote: Remote; readonly head: string; readonly failure: GitError },
): Promise<string | undefined> {
  let tip: string | undefined;
  try {
    tip = await fetchTip(repository, remote);
  } catch {
    // The reason that came first says more.
    throw failure;
  }
  if (tip !== undefined && (await isAncestor(repository.root, head, tip))) return undefined;
  if (tip !== repository.head || failure.code === 'git/moved') return failure.message;
  throw failure;
}

/**
 * Whether git itself saw in what the server shows that the lease does not hold: then it has sent nothing, and there is
 * nothing to look for. Of a remote with several URLs, one may have taken it.
 */
function isUnsent({ stdout }: GitAnswer): boolean {
  return /^!\t[^\t]*\t\[rejected\] \(stale info\)$/m.test(stdout) && stdout.match(/^To /gm)?.length === 1;
}

/** Another push came first: git's words for a lease that does not hold, here or by the time the server locks. */
const moved = /\((stale info|fetch first|non-fast-forward|needs force)\)|but expected|incorrect old value/;

function refused(answer: GitAnswer, root: string): GitError {
  const [, reason] = /^!\t[^\t]*\t(.*)$/m.exec(answer.stdout) ?? [];
  const words = [reason, answer.words].filter(Boolean).join('\n');
  if (moved.test(words)) {
    return new GitError(`Cannot push to ${root} as planned: the branch has moved on the server`, {
      code: 'git/moved',
      path: root,
      hint: 'Run the command again: it starts from the commit that is there now.',
    });
  }
  const failure = gitFailure({ ...answer, words }, { command: 'push', cwd: root });
  if (reason === undefined || !/remote rejected/.test(reason)) return failure;
  return new GitError(`Cannot push as the server allows: ${words}`, {
    code: 'git/refused',
    path: root,
    hint: /Run git push there/.test(failure.hint ?? '')
      ? 'A hook or a setting of the server refused the commits; its words say why.'
      : (failure.hint ?? ''),
  });
}
