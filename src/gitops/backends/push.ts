import { GitError, isSluiceError } from '../../errors.js';
import type { Backend, BackendInput, Published } from '../backend.js';
import { makeChain } from '../chain.js';
import { follow } from '../follow.js';
import { runGit } from '../git.js';
import { openSettled } from '../open-settled.js';
import { passMark } from '../pass-mark.js';
import { pushChain } from '../push-chain.js';
import { commitAt, fetchTip, isAncestor, openRemote, type Remote, wasSeen } from '../remote.js';
import type { Repository } from '../repository.js';
import { removeForgottenLock } from '../stale-lock.js';

/** Pushes to any server that git itself can push to; the working copy follows once the server took the commits. */
export function makeBackend({ directory, settings, tell, timeout }: BackendInput): Backend {
  const pass = passMark();
  const remotes = new Map<string, Promise<Remote>>();
  const remoteOf = (repository: Repository) => {
    const remote = remotes.get(repository.branch) ?? openRemote(repository, { settings, ...(timeout && { timeout }) });
    remotes.set(repository.branch, remote);
    return remote;
  };
  return {
    name: 'push',
    sync: () =>
      onceMore(async () => {
        const repository = await openSettled(directory, tell);
        return followRemote(repository, await remoteOf(repository), tell);
      }),
    async publish(repository, plans): Promise<Published> {
      const chain = await makeChain(repository, pass.mark(plans), settings.message);
      const { head } = chain.kind === 'chain' ? chain : {};
      if (chain.kind === 'unfit') return { ...chain, plan: pass.unmarked(chain.plan) };
      if (head === undefined || head === repository.head) return { kind: 'published', head, commits: chain.commits };
      const remote = await remoteOf(repository);
      const moved = await pushChain(repository, { remote, head });
      if (moved !== undefined) return { kind: 'moved', reason: moved };
      const known = runGit(['update-ref', '-m', 'sluice', remote.tracking, head], { cwd: repository.root });
      await known.then(() => follow(repository, head)).catch((error) => staysBehind(error, tell));
      return { kind: 'published', head, commits: chain.commits };
    },
  };
}

/** Does it again where another process moved the working copy in between: it starts from what is there then. */
export async function onceMore(sync: () => Promise<Repository>): Promise<Repository> {
  try {
    return await sync();
  } catch (error) {
    if (isSluiceError(error) && error.code === 'git/moved') return sync();
    throw error;
  }
}

/**
 * Brings the working copy to the tip of the server, also where that was moved back on purpose.
 *
 * @throws GitError when it has commits that the server never had
 */
export async function followRemote(
  repository: Repository,
  remote: Remote,
  tell: (text: string) => void,
): Promise<Repository> {
  const { root, head } = repository;
  // A fresh clone has no log of it yet.
  const known = await commitAt(root, remote.tracking);
  await removeForgottenLock(repository, remote.tracking);
  const tip = await fetchTip(repository, remote);
  if (tip === head) return repository;
  if (tip === undefined) throw notThere(repository, remote);
  if (head === undefined || (await isAncestor(root, head, tip))) return follow(repository, tip);
  if (!(await wasSeen(repository, remote, known))) {
    throw diverged(repository, remote, (await isAncestor(root, tip, head)) ? 'ahead' : 'apart');
  }
  const followed = await follow(repository, tip);
  tell(
    `${remote.name} has moved ${shortOf(repository)} to ${tip.slice(0, 10)}, which is not after ${head.slice(0, 10)}\n`,
  );
  return followed;
}

/** The commits are published: what is in the way here is no failure of theirs. */
export function staysBehind(error: unknown, tell: (text: string) => void): void {
  if (!isSluiceError(error)) throw error;
  tell(`published, but the working copy stays behind: ${error.message}\n  hint: ${error.hint}\n`);
}

function notThere({ root, branch }: Repository, { name }: Remote): GitError {
  const short = shortOf({ branch });
  return new GitError(`Cannot follow ${name} from ${short} as it stands in ${root}: the server has no such branch`, {
    code: 'git/diverged',
    path: root,
    hint: `Push it (git push ${name} ${short}), or switch to the branch that others see, and name it as git.branch in sluice.yaml.`,
  });
}

/** What is to be done about commits of the working copy's own, by whether the server has others. */
const wayOut = {
  ahead: { what: 'it has commits that the server does not have', first: 'Push them first' },
  apart: {
    what: 'it has commits that the server does not have, and the server has others',
    first: 'Bring them there first',
  },
} as const;

function diverged({ root, branch }: Repository, { name, tracking }: Remote, how: keyof typeof wayOut): GitError {
  const short = shortOf({ branch });
  const { what, first } = wayOut[how];
  const push = `${how === 'apart' ? `git pull --rebase ${name} ${short}; ` : ''}git push ${name} ${short}`;
  return new GitError(`Cannot follow ${name} from ${short} as it stands in ${root}: ${what}`, {
    code: 'git/diverged',
    path: root,
    hint: `${first} (${push}), also those of an earlier command without --push; or drop them: git reset --keep ${tracking.replace('refs/remotes/', '')}`,
  });
}

function shortOf({ branch }: Pick<Repository, 'branch'>): string {
  return branch.replace(/^refs\/heads\//, '');
}
