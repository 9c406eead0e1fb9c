import { isSluiceError } from '../../errors.js';
import { adoptChain } from '../adopt-chain.js';
import type { Backend, BackendInput, Published } from '../backend.js';
import { makeChain } from '../chain.js';
import { commitLocally } from '../commit.js';
import { hasCommitHooks } from '../hooks.js';
import { openSettled } from '../open-settled.js';
import type { CommitPlan } from '../plan.js';
import { assertBranch } from '../remote.js';
import type { Repository } from '../repository.js';

/**
 * Commits in the repository at hand. Hooks of `git commit` are run where there are any: then by one `git commit` for
 * each plan, else all plans together.
 */
export function makeBackend({ directory, settings, tell }: BackendInput): Backend {
  return {
    name: 'local',
    oneByOne: ({ root }) => hasCommitHooks(root),
    sync: () => openSettled(directory, tell),
    async publish(repository, plans) {
      assertBranch(repository, settings);
      if (await hasCommitHooks(repository.root)) return commitEach(repository, plans, settings.message);
      const chain = await makeChain(repository, plans, settings.message);
      return chain.kind === 'unfit' ? chain : adoptChain(repository, { plans, chain });
    },
  };
}

async function commitEach(repository: Repository, plans: readonly CommitPlan[], template: string): Promise<Published> {
  const commits: (string | undefined)[] = [];
  let { head } = repository;
  for (const plan of plans) {
    try {
      const commit = await commitLocally({ ...repository, head }, plan, template);
      commits.push(commit);
      head = commit ?? head;
    } catch (error) {
      if (isSluiceError(error) && error.code === 'git/moved') return { kind: 'moved', reason: error.message };
      throw error;
    }
  }
  return { kind: 'published', head, commits };
}
