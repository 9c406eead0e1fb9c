import { ConfigError } from '../../errors.js';
import type { GitSettings } from '../../values/project/git.js';
import { isSafeApi } from '../../values/project/safe-api.js';

/** A repository of GitHub, and where it is asked about. */
export interface GithubTarget {
  readonly owner: string;
  readonly name: string;
  /** The API, without a slash at its end. */
  readonly api: string;
}

/** Where settings that are not in a file come from. */
export interface GithubSurroundings {
  /** Of the remote, as git has it. */
  readonly remoteUrl: string;
  readonly env: { readonly [name: string]: string | undefined };
}

/** `git@host:owner/name.git`, as scp writes it. */
const scpForm = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)\/?([^/]+)\/([^/]+?)(?:\.git)?\/?$/;
const publicHosts = ['github.com', 'www.github.com', 'ssh.github.com'];

/**
 * Returns the repository that commits go to: `git.repository` and `git.url`, or what the remote's URL and
 * `GITHUB_API_URL` say.
 *
 * @throws ConfigError when either is unknown, or a token is not safe on the way there
 */
export function githubTarget(
  { repository, url, remote }: Pick<GitSettings, 'repository' | 'url' | 'remote'>,
  { remoteUrl, env }: GithubSurroundings,
): GithubTarget {
  const found = ownerAndName(remoteUrl);
  const [owner, name] = repository?.split('/') ?? found?.names ?? [];
  if (owner === undefined || name === undefined) {
    throw new ConfigError(`Cannot read owner/name of a repository of GitHub from the URL of ${remote}`, {
      code: 'git/no-repository',
      path: 'sluice.yaml',
      hint: 'Name it as git.repository in sluice.yaml: owner/name.',
    });
  }
  return { owner, name, api: apiOf(url, found?.host, env.GITHUB_API_URL) };
}

/** Whether a remote lies on the host of an API, so that one token is for both. */
export function isSameHost(api: string, remoteUrl: string): boolean {
  const host = ownerAndName(remoteUrl)?.host;
  if (host === undefined) return false;
  const { hostname } = new URL(api);
  return hostname === host || hostname === `api.${host}`;
}

function apiOf(url: string | undefined, host: string | undefined, variable: string | undefined): string {
  if (url !== undefined) return url.replace(/(?<!\/)\/+$/, '');
  if (variable) {
    if (isSafeApi(variable)) return variable.replace(/(?<!\/)\/+$/, '');
    throw new ConfigError(
      'Cannot use the variable GITHUB_API_URL as a safe URL of an API: a token would be read on the way',
      {
        code: 'git/unsafe-api',
        hint: 'Set it to an https URL without a user, a query or a fragment.',
      },
    );
  }
  if (host !== undefined && publicHosts.includes(host)) return 'https://api.github.com';
  const example = host === undefined ? 'https://HOST/api/v3' : `https://${host}/api/v3`;
  throw new ConfigError(`Cannot tell the API of GitHub from ${host ?? 'the URL of the remote'}: it is not github.com`, {
    code: 'git/no-api',
    path: 'sluice.yaml',
    hint: `Name it as git.url in sluice.yaml; for GitHub Enterprise Server it is ${example}.`,
  });
}

function ownerAndName(remoteUrl: string): { readonly host: string; readonly names: readonly string[] } | undefined {
  if (/^(https?|ssh|git):\/\//i.test(remoteUrl) && URL.canParse(remoteUrl)) {
    const { hostname, pathname } = new URL(remoteUrl);
    const [, owner, name] = /^\/+([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(pathname) ?? [];
    return { host: hostname.toLowerCase(), names: owner && name ? [owner, name] : [] };
  }
  const [, host, owner, name] = scpForm.exec(remoteUrl) ?? [];
  return host && owner && name ? { host: host.toLowerCase(), names: [owner, name] } : undefined;
}
