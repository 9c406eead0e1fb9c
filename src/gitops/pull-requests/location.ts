import { ConfigError } from '../../errors.js';
import { redact } from '../../secret.js';
import type { PullRequestSettings } from '../../values/project/pull-requests.js';

/** Where the API of a repository is. */
export interface Location {
  /** Without a slash at its end. */
  readonly url: string;
  /** Such as `owner/name`. */
  readonly repository: string;
}

/** Where a server of each kind has its API. */
const apiPath: { readonly [name in PullRequestSettings['host']]: string } = {
  github: '/api/v3',
  gitlab: '/api/v4',
  gitea: '/api/v1',
};

/**
 * Returns where the API of a repository is: as the settings say, else as the URL of the remote has it.
 *
 * @param remote the URL that git pushes to, such as `git@github.com:owner/name.git`
 * @throws ConfigError when neither tells
 */
export function locate({ host, url, repository }: PullRequestSettings, remote: string): Location {
  const known = parse(remote);
  const api = url ?? (known && apiOf(host, known));
  const name = repository ?? known?.path;
  if (api === undefined) throw untold('url', remote, 'https://git.example/api/v1');
  if (name === undefined || !name.includes('/')) throw untold('repository', remote, 'owner/name');
  return { url: api.replace(/(?<!\/)\/+$/, ''), repository: name };
}

interface RemoteUrl {
  /** Without user name and password. */
  readonly origin: string;
  readonly path: string;
}

/** ssh has a port of its own, which says nothing about that of http. */
function parse(remote: string): RemoteUrl | undefined {
  const scp = /^(?:[^@/\s]+@)?([^/:\s]+):(?!\/\/)(.+)$/.exec(remote);
  if (scp !== null) return { origin: `https://${scp[1]}`, path: trimmed(scp[2] ?? '') };
  const url = URL.canParse(remote) ? new URL(remote) : undefined;
  if (url === undefined || url.hostname === '') return undefined;
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return { origin: isWeb ? `${url.protocol}//${url.host}` : `https://${url.hostname}`, path: trimmed(url.pathname) };
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
}

function apiOf(host: PullRequestSettings['host'], { origin }: RemoteUrl): string {
  if (host === 'github' && /^https?:\/\/(ssh\.)?github\.com$/i.test(origin)) return 'https://api.github.com';
  return `${origin}${apiPath[host]}`;
}

function untold(key: 'url' | 'repository', remote: string, example: string): ConfigError {
  return new ConfigError(`Cannot tell git.pullRequests.${key} from the remote: its URL is ${redact(remote)}`, {
    code: 'git/no-host',
    path: 'sluice.yaml',
    hint: `Write git.pullRequests.${key}: ${example}.`,
  });
}
