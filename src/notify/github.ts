import { ConfigError } from '../errors.js';
import { githubTarget, isSameHost } from '../gitops/github/target.js';
import { readSecret, type Secret } from '../secret.js';
import type { NotificationSettings } from '../values/project/notifications.js';
import type { Ground } from './channel.js';
import type { Answer, Post } from './post.js';

/** The repository on GitHub that commits go to. */
export interface GithubRepository {
  /** @param path below that of the repository, such as `/statuses/4b825dc` */
  ask(post: Post, path: string, body?: object): Promise<Answer>;
}

const patience = 5_000;

/**
 * Opens the repository by the token of the notification, else as commits are signed in.
 *
 * @throws ConfigError when the commits are not there, or the repository or the token is not known
 */
export async function openGithubRepository(settings: NotificationSettings, ground: Ground): Promise<GithubRepository> {
  const { git, remoteUrl = '', env, isPublished } = ground;
  if (!isPublished) throw notThere(settings.kind);
  const { api, owner, name } = githubTarget(git, { remoteUrl, env });
  const token = await tokenOf(settings, ground, api);
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token.reveal()}`,
    'user-agent': 'sluice',
    'x-github-api-version': '2022-11-28',
  };
  return {
    ask(post, path, body) {
      const url = new URL(`${api}/repos/${owner}/${name}${path}`);
      if (body === undefined) return post({ url, method: 'GET', headers });
      const json = { ...headers, 'content-type': 'application/json' };
      return post({ url, method: 'POST', headers: json, body: JSON.stringify(body) });
    },
  };
}

/** A token that was given for one server is sent to no other one. */
async function tokenOf({ kind, token }: NotificationSettings, ground: Ground, api: string): Promise<Secret> {
  const { git, remoteUrl = '', root, env } = ground;
  if (token !== undefined) return readSecret(token, `the token of ${kind}`, { root, env });
  if (git.app !== undefined) {
    const { openGithub } = await import('../gitops/github/open-github.js');
    const github = await openGithub({ settings: git, root, remoteUrl, env, timeout: patience });
    const own = await github.fetchToken();
    if (own !== undefined) return own;
  }
  const isMeant = git.backend === 'github' || isSameHost(api, remoteUrl);
  const source = (isMeant ? git.token : undefined) ?? { env: 'GITHUB_TOKEN' };
  return readSecret(source, `the token of ${kind}`, { root, env });
}

function notThere(kind: string): ConfigError {
  return new ConfigError(`Cannot tell of a commit by ${kind}: it is not on the server`, {
    code: 'notify/not-pushed',
    path: 'sluice.yaml',
    hint: 'Set git.backend to push or github, or run with --push.',
  });
}
