import { isSluiceError } from '../../errors.js';
import type { Decision } from '../../evaluate/decision.js';
import type { Failure } from '../../evaluate/pass.js';
import { openPullRequests } from '../../gitops/pull-requests/open-pull-requests.js';
import { requestBranch } from '../../gitops/pull-requests/request-branch.js';
import { openRepository } from '../../gitops/repository.js';
import type { Workspace } from '../workspace.js';

/** What the server says of the decisions that wait for a merge. */
export interface Waiting {
  /** By release: the page of its open request, undefined where there is none yet. */
  readonly pages: ReadonlyMap<string, string | undefined>;
  /** Why the server could not be asked. */
  readonly failures: readonly Failure[];
}

/** Asks the server for the open requests of those decisions that wait for a merge; of none, nothing is asked. */
export async function openRequests(workspace: Workspace, decisions: readonly Decision[]): Promise<Waiting> {
  const { git } = workspace.project;
  const { pullRequests } = git;
  const kinds = pullRequests?.for ?? [];
  const isAsked = (kind: string) => kinds === 'all' || kinds.some((each) => each === kind);
  const releases = decisions.filter(({ kind, change }) => change !== undefined && isAsked(kind));
  const pages = new Map<string, string | undefined>(releases.map(({ release }) => [release, undefined]));
  if (pullRequests === undefined || pages.size === 0) return { pages, failures: [] };
  try {
    const repository = await openRepository(workspace.root);
    const { host } = await openPullRequests(repository, { ...git, pullRequests });
    for (const release of pages.keys()) {
      const requests = await host.requestsOf(requestBranch(release, repository.prefix));
      pages.set(release, requests.find(({ state }) => state === 'open')?.url);
    }
    return { pages, failures: [] };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { pages, failures: [{ release: 'git.pullRequests', error }] };
  }
}
