import { ConfigError } from '../../errors.js';
import type { GitSettings } from '../../values/project/git.js';
import type { PullRequestSettings } from '../../values/project/pull-requests.js';
import { isSafeApi } from '../../values/project/safe-api.js';
import { runGit } from '../git.js';
import { openRemote, type Remote } from '../remote.js';
import type { Repository } from '../repository.js';
import { readSecret, type Secret } from '../secret.js';
import type { Host } from './host.js';
import { openHost } from './hosts.js';
import { locate } from './location.js';
import { patientFetch } from './patient-fetch.js';

/** A server, as git sees it and as its API does. */
export interface Server {
  readonly remote: Remote;
  readonly host: Host;
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
  const args = ['remote', 'get-url', '--push', settings.remote];
  const remoteUrl = (await runGit(args, { cwd: repository.root })).trim();
  const { host } = pullRequests;
  // What is said of GitHub for commits holds for its requests as well.
  const known = host === 'github' ? { url: pullRequests.url ?? url, repository: pullRequests.repository ?? name } : {};
  const location = locate({ ...pullRequests, ...known }, remoteUrl);
  if (!isSafeApi(location.url)) throw notSafe(location.url);
  const token = await tokenOf(repository, settings, remoteUrl);
  return {
    remote: await openRemote(repository, { settings, secret: token }),
    host: await openHost(host, { ...location, token, fetch: patientFetch() }),
  };
}

/** An app of GitHub's signs in as it does for commits. */
async function tokenOf(
  { root }: Repository,
  settings: GitSettings & { readonly pullRequests: PullRequestSettings },
  remoteUrl: string,
): Promise<Secret> {
  const isGithub = settings.pullRequests.host === 'github';
  if (isGithub && settings.app !== undefined) {
    const { openGithub } = await import('../github/open-github.js');
    const secret = await (await openGithub({ settings, root, remoteUrl })).fetchToken();
    if (secret !== undefined) return secret;
  }
  const source = settings.token ?? (isGithub ? { env: 'GITHUB_TOKEN' } : undefined);
  if (source !== undefined) return readSecret(source, 'git.token', { root });
  throw new ConfigError('Cannot open pull requests without a token: git.token is not set', {
    code: 'git/no-token',
    path: 'sluice.yaml',
    hint: 'Set git.token to {env: NAME} or {file: PATH}; its account needs to push branches and to open requests.',
  });
}

function notSafe(url: string): ConfigError {
  return new ConfigError(`Cannot send a token to ${url} as a safe API: it is not https`, {
    code: 'git/unsafe-api',
    path: 'sluice.yaml',
    hint: 'Write an https URL as git.pullRequests.url; http is for this machine alone.',
  });
}
