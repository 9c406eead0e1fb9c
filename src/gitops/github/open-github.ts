import { Octokit } from '@octokit/rest';
import { ConfigError } from '../../errors.js';
import { readSecret, redact, type Secret } from '../../secret.js';
import type { GitSettings } from '../../values/project/git.js';
import { boundedFetch, longestWait, realSleep } from '../bounded-fetch.js';
import { GithubApi } from './api.js';
import { githubTarget, isSameHost } from './target.js';

/** What the way to GitHub depends on. */
export interface GithubInput {
  readonly settings: GitSettings;
  /** The top of the working tree: paths of secrets start there. */
  readonly root: string;
  /** Of the remote, as git has it. */
  readonly remoteUrl: string;
  /** Milliseconds after which the server counts as hung. @default 30000 */
  readonly timeout?: number | undefined;
  /** @default real time */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /** @default the environment of this process */
  readonly env?: { readonly [name: string]: string | undefined };
}

/** GitHub, for the one who signs in. */
export interface Github {
  readonly api: GithubApi;
  /** Returns the token that git needs to fetch, undefined where git has its own. */
  fetchToken(): Promise<Secret | undefined>;
}

/** Nothing of a library's goes to the terminal: what matters is in the errors. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Returns the API of the repository that the settings mean. It signs in as `git.app`, else by `git.token`, else by
 * the `GITHUB_TOKEN` of a workflow.
 *
 * @throws ConfigError when the repository, the API or the token is unknown
 */
export async function openGithub(input: GithubInput): Promise<Github> {
  const { settings, root, remoteUrl, timeout, sleep = realSleep, env = process.env } = input;
  const target = githubTarget(settings, { remoteUrl, env });
  const common = {
    baseUrl: target.api,
    userAgent: 'sluice',
    log: silent,
    request: { fetch: boundedFetch({ timeout, sleep }) },
  };
  const most = Math.min(longestWait, timeout ?? longestWait);
  const api = (octokit: Octokit) => new GithubApi(octokit, target, { most, sleep });
  if (settings.app === undefined) {
    const token = readSecret(settings.token ?? { env: 'GITHUB_TOKEN' }, 'git.token', { root, env });
    // A workflow's token is for the host of its API alone.
    const isMeant = settings.token !== undefined || isSameHost(target.api, remoteUrl);
    return {
      api: api(new Octokit({ ...common, auth: token.reveal() })),
      fetchToken: async () => (isMeant ? token : undefined),
    };
  }
  const app = api(await openApp(settings.app, common, { root, env }));
  // Made for an hour; the library keeps it until then.
  return { api: app, fetchToken: () => app.installationToken() };
}

async function openApp(
  { id, installation, key }: NonNullable<GitSettings['app']>,
  common: NonNullable<ConstructorParameters<typeof Octokit>[0]>,
  surroundings: { readonly root: string; readonly env: { readonly [name: string]: string | undefined } },
): Promise<Octokit> {
  const { createAppAuth } = await import('@octokit/auth-app');
  const privateKey = readSecret(key, 'git.app.key', { ...surroundings, lines: true }).reveal();
  const auth = { appId: id, installationId: installation, privateKey };
  const octokit = new Octokit({ ...common, authStrategy: createAppAuth, auth });
  try {
    await octokit.auth({ type: 'app' });
    return octokit;
  } catch (error) {
    const words = error instanceof Error ? redact(error.message) : 'no reason given';
    throw new ConfigError(`Cannot sign in to GitHub with git.app.key as a private key: ${words}`, {
      code: 'git/bad-key',
      path: 'sluice.yaml',
      hint: 'Give the .pem file that GitHub made for the app, whole and unchanged.',
    });
  }
}
