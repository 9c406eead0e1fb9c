import { randomBytes } from 'node:crypto';
import { GitError, isSluiceError } from '../../errors.js';
import type { Backend, BackendInput, Published } from '../backend.js';
import { makeChain } from '../chain.js';
import { follow } from '../follow.js';
import { runGit } from '../git.js';
import { openSettled } from '../open-settled.js';
import type { CommitPlan } from '../plan.js';
import { pushChain } from '../push-chain.js';
import { commitAt, fetchTip, isAncestor, openRemote, type Remote, wasSeen } from '../remote.js';
import type { Repository } from '../repository.js';

/** Pushes to any server that git itself can push to; the working copy follows once the server took the commits. */
export function makeBackend({ directory, settings, tell, timeout }: BackendInput): Backend {
  // Two evaluators that decide the same in the same second would make the very same commits, and each take them for its own.
  const pass = randomBytes(4).toString('hex');
  const remoteOf = (repository: Repository) => openRemote(repository, { settings, ...(timeout && { timeout }) });
  return {
    name: 'push',
    async sync() {
      const repository = await openSettled(directory, tell);
      return followRemote(repository, await remoteOf(repository), tell);
    },
    async publish(repository, plans): Promise<Published> {
      const marked: readonly CommitPlan[] = plans.map((plan) => ({ ...plan, trailers: { ...plan.trailers, pass } }));
      const chain = await makeChain(repository, marked, settings.message);
      const { head } = chain.kind === 'chain' ? chain : {};
      if (chain.kind === 'unfit') return { ...chain, plan: plans[marked.indexOf(chain.plan)] ?? chain.plan };
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
  const tip = await fetchTip(repository, remote);
  if (tip === head) return repository;
  if (tip === undefined) throw notThere(repository, remote);
  if (head === undefined || (await isAncestor(root, head, tip))) return follow(repository, tip);
  if (!(await wasSeen(repository, remote, known))) {
    throw diverged(repository, remote, 'it has commits that the server does not have');
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

function diverged({ root, branch }: Repository, { name, tracking }: Remote, current: string): GitError {
  const short = shortOf({ branch });
  return new GitError(`Cannot follow ${name} from ${short} as it stands in ${root}: ${current}`, {
    code: 'git/diverged',
    path: root,
    hint: `Push them first (git push ${name} ${short}), also those of an earlier command without --push; or drop them: git reset --keep ${tracking.replace('refs/remotes/', '')}`,
  });
}

function shortOf({ branch }: Pick<Repository, 'branch'>): string {
  return branch.replace(/^refs\/heads\//, '');
}
