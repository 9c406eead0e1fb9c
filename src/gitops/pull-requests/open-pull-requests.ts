import { ConfigError } from '../../errors.js';
import type { GitSettings } from '../../values/project/git.js';
import type { PullRequestSettings } from '../../values/project/pull-requests.js';
import { isSafeApi } from '../../values/project/safe-api.js';
import { runGit } from '../git.js';
import { openRemote, type Remote } from '../remote.js';
import type { Repository } from '../repository.js';
import { githubBranches } from './github-branches.js';
import type { Host } from './host.js';
import { openHost } from './hosts.js';
import { locate } from './location.js';
import { type MoveBranches, pushBranches } from './own-branches.js';

/** A server, as git sees it and as its API does. */
export interface Server {
  readonly remote: Remote;
  readonly host: Host;
  readonly moveBranches: MoveBranches;
}

/**
 * Opens the server that the settings mean.
 *
 * @throws ConfigError when it is unknown, is not safe to send a token to, or there is no token
 */
export async function openPullRequests(
  repository: Repository,
  settings: GitSettings & { readonly pullRequests: PullRequestSettings },
): Promise<Server> {
  const { pullRequests, url, repository: name } = settings;
  const { root } = repository;
  const remoteUrl = (await runGit(['remote', 'get-url', '--push', settings.remote], { cwd: root })).trim();
  // What is said of GitHub for commits holds for its requests as well.
  const isGithub = pullRequests.host === 'github';
  const known = isGithub ? { url: pullRequests.url ?? url, repository: pullRequests.repository ?? name } : {};
  const location = locate({ ...pullRequests, ...known }, remoteUrl);
  if (!isSafeApi(location.url)) throw notSafe(location.url);
  const { host, secret, github } = await openHost(pullRequests.host, { ...location, settings, root, remoteUrl });
  const remote = await openRemote(repository, { settings, secret });
  const byGithub = settings.backend === 'github' ? github : undefined;
  const moveBranches: MoveBranches = byGithub
    ? githubBranches(byGithub, root)
    : (moves) => pushBranches(repository, remote, moves);
  return { host, remote, moveBranches };
}

function notSafe(url: string): ConfigError {
  return new ConfigError(`Cannot send a token to ${url} as a safe API: it is not https`, {
    code: 'git/unsafe-api',
    path: 'sluice.yaml',
    hint: 'Write an https URL as git.pullRequests.url; http is for this machine alone.',
  });
}
