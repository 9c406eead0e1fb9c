import { GitError } from '../../errors.js';
import type { Backend, BackendInput, Published } from '../backend.js';
import { draftChain } from '../chain.js';
import { follow } from '../follow.js';
import { runGit } from '../git.js';
import type { GithubCommit } from '../github/api.js';
import { githubCommit, modeFault } from '../github/github-commit.js';
import { type Github, openGithub } from '../github/open-github.js';
import { publishCommits } from '../github/publish-commits.js';
import { removeLeftOvers, scratchName } from '../github/scratch-branch.js';
import { openSettled } from '../open-settled.js';
import { passMark } from '../pass-mark.js';
import { commitAt, fetchTip, openRemote, type Remote } from '../remote.js';
import type { Repository } from '../repository.js';
import { followRemote, onceMore, staysBehind } from './push.js';

/** GitHub takes some 80 writes a minute. */
const mostAtOnce = 40;

/** Commits by the API of GitHub, which signs them; the working copy is a clone that follows. */
export function makeBackend({ directory, settings, tell, timeout }: BackendInput): Backend {
  let opened: Github | undefined;
  let leftOvers: Promise<void> | undefined;
  const pass = passMark();
  const open = async (repository: Repository) => {
    const { root } = repository;
    const url = await runGit(['remote', 'get-url', '--push', settings.remote], { cwd: root });
    opened ??= await openGithub({ settings, root, remoteUrl: url.trim(), timeout });
    const secret = await opened.fetchToken();
    const remote = await openRemote(repository, { settings, secret, ...(timeout && { timeout }) });
    return { api: opened.api, remote };
  };
  return {
    name: 'github',
    mostAtOnce,
    sync: () =>
      onceMore(async () => {
        const repository = await openSettled(directory, tell);
        const { remote } = await open(repository);
        return followRemote(repository, remote, tell);
      }),
    async publish(repository, plans): Promise<Published> {
      const draft = await draftChain(repository, pass.mark(plans));
      if (draft.kind === 'unfit') return { ...draft, plan: pass.unmarked(draft.plan) };
      const made = draft.drafts.filter(({ changes }) => changes.length > 0);
      for (const { plan, changes } of made) {
        const error = modeFault(changes);
        if (error !== undefined) return { kind: 'unfit', plan: pass.unmarked(plan), error };
      }
      const { head: base, root } = repository;
      if (made.length === 0) return { kind: 'published', head: base, commits: plans.map(() => undefined) };
      if (base === undefined) throw noCommit(repository);
      const commits: GithubCommit[] = [];
      for (const each of made) commits.push(await githubCommit(root, each, settings.message));
      const { api, remote } = await open(repository);
      api.renewPatience();
      const chain = { branch: repository.branch.replace(/^refs\/heads\//, ''), base, commits };
      const now = Date.now();
      const outcome = await publishCommits(api, chain, { scratch: scratchName(now), tell, pause });
      leftOvers ??= removeLeftOvers(api, { now, tell });
      await leftOvers;
      if (outcome.kind === 'moved') return outcome;
      const { head } = outcome;
      await followPublished(repository, remote, head).catch((error) => staysBehind(error, tell));
      return { kind: 'published', head, commits: draft.drafts.map((each) => outcome.commits[made.indexOf(each)]) };
    },
  };
}

/** The server may show a branch as it was a moment ago. */
async function followPublished(repository: Repository, remote: Remote, head: string): Promise<void> {
  for (let tries = 1; tries < 4; tries++) {
    await fetchTip(repository, remote);
    if ((await commitAt(repository.root, head)) !== undefined) {
      await follow(repository, head);
      return;
    }
    await pause(100 * 2 ** tries);
  }
  throw notShown(repository, remote, head);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds * (1 + Math.random())));
}

function notShown({ root }: Repository, { name }: Remote, head: string): GitError {
  return new GitError(`Cannot follow ${name} to ${head}: it does not show that commit yet`, {
    code: 'git/not-shown',
    path: root,
    hint: 'The next run follows; where it never does, check that the remote is the repository that git.repository names.',
  });
}

function noCommit({ root }: Repository): GitError {
  return new GitError(`Cannot commit to ${root} by the API of GitHub: the branch has no commit yet`, {
    code: 'git/no-commit',
    path: root,
    hint: 'Push the first commit by hand: git push --set-upstream origin BRANCH',
  });
}
