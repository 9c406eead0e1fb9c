import { GitError } from '../errors.js';
import { readSecret, type Secret } from '../secret.js';
import type { GitSettings } from '../values/project/git.js';
import { askGit, type GitAnswer, gitFailure, runGit } from './git.js';
import type { Repository } from './repository.js';

/** Milliseconds after which a server counts as hung; a push of a pass takes a few hundred. */
const patience = 30_000;

/** A branch of a server, as seen from a working copy. */
export interface Remote {
  readonly name: string;
  /** Such as `refs/heads/main`, there and here. */
  readonly branch: string;
  /** What is known of it here, such as `refs/remotes/origin/main`. */
  readonly tracking: string;
  /** Runs a command of git's that talks to the server. */
  ask(args: readonly string[]): Promise<GitAnswer>;
}

interface RemoteOptions {
  readonly settings: GitSettings;
  readonly timeout?: number;
  readonly secret?: Secret | undefined;
}

/**
 * Returns the branch of the server that the settings mean.
 *
 * @param timeout milliseconds
 * @param secret the token, where it is none that the settings name
 * @throws GitError when another branch is checked out; ConfigError when the token is not there
 */
export async function openRemote(
  { root, branch }: Repository,
  { settings, timeout = patience, secret }: RemoteOptions,
): Promise<Remote> {
  assertBranch({ root, branch }, settings);
  const short = branch.replace(/^refs\/heads\//, '');
  const url = await runGit(['remote', 'get-url', '--push', settings.remote], { cwd: root });
  const env = credentials(url.trim(), secret ?? (settings.token && readSecret(settings.token, 'git.token', { root })));
  return {
    name: settings.remote,
    branch,
    tracking: `refs/remotes/${settings.remote}/${short}`,
    async ask(args) {
      const answer = await askGit(args, { cwd: root, env, timeout });
      return Object.keys(env).length === 0 ? answer : { ...answer, words: refusedToken(answer.words) };
    },
  };
}

/**
 * Fetches the branch and returns its tip, undefined where the server has no such branch.
 *
 * @throws GitError when the server cannot be reached or refuses
 */
export async function fetchTip({ root }: Repository, remote: Remote): Promise<string | undefined> {
  const args = ['fetch', '--quiet', '--no-write-fetch-head', '--no-tags', '--no-recurse-submodules', remote.name];
  const answer = await remote.ask([...args, `+${remote.branch}:${remote.tracking}`]);
  if (/couldn't find remote ref/.test(answer.words)) return undefined;
  if (answer.status !== 0) throw gitFailure(answer, { command: 'fetch', cwd: root });
  return commitAt(root, remote.tracking);
}

/** Returns the commit that a name stands for, undefined for none. */
export async function commitAt(root: string, name: string): Promise<string | undefined> {
  const answer = await askGit(['rev-parse', '--verify', '--quiet'], { cwd: root, revisions: [`${name}^{commit}`] });
  return answer.stdout.trim() || undefined;
}

/** Whether one commit is in the history of another, or is that one. */
export async function isAncestor(root: string, older: string, newer: string): Promise<boolean> {
  return (await askGit(['merge-base', '--is-ancestor', older, newer], { cwd: root })).status === 0;
}

/**
 * Whether the server had the commit of HEAD at some time. The log of what is known of it says so: a person may have
 * fetched since, and so has sluice where its push was refused.
 *
 * @param known where the branch stood there when it was looked at last
 */
export async function wasSeen(
  { root, head }: Repository,
  { tracking }: Remote,
  known: string | undefined,
): Promise<boolean> {
  const log = await askGit(['rev-list', '--walk-reflogs', '--max-count=100'], { cwd: root, revisions: [tracking] });
  const tips = new Set([...log.stdout.split('\n'), known ?? ''].filter((tip) => tip !== ''));
  if (head === undefined || tips.size === 0) return false;
  const revisions = [head, ...[...tips].map((tip) => `^${tip}`)];
  const unseen = await askGit(['rev-list', '--max-count=1'], { cwd: root, revisions });
  return unseen.status === 0 && unseen.stdout === '';
}

/** A server that refuses a token has git ask a person for another one, and git tells of that alone. */
function refusedToken(words: string): string {
  return words.replace(/^(?=.*could not read (?:username|password))/im, 'the server refuses the token: ');
}

/** Variables by which git learns the token: nobody sees those in a list of processes, in a URL or in a file. */
function credentials(url: string, secret: Secret | undefined): Record<string, string> {
  const server = /^https?:\/\/(?:[^/@]*@)?([^/]+)/i.exec(url);
  if (secret === undefined || server === null) return {};
  const scheme = url.slice(0, url.indexOf('://')).toLowerCase();
  const basic = Buffer.from(`x-access-token:${secret.reveal()}`).toString('base64');
  const count = Number(process.env.GIT_CONFIG_COUNT ?? 0) || 0;
  const base = `http.${scheme}://${server[1]}/`;
  const key = `${base}.extraHeader`;
  return {
    GIT_CONFIG_COUNT: `${count + 3}`,
    // Nothing of what a checkout has left: servers refuse a second Authorization.
    [`GIT_CONFIG_KEY_${count}`]: key,
    [`GIT_CONFIG_VALUE_${count}`]: '',
    [`GIT_CONFIG_KEY_${count + 1}`]: key,
    [`GIT_CONFIG_VALUE_${count + 1}`]: `Authorization: Basic ${basic}`,
    // Wherever git is sent, it would take the token along.
    [`GIT_CONFIG_KEY_${count + 2}`]: `${base}.followRedirects`,
    [`GIT_CONFIG_VALUE_${count + 2}`]: 'false',
  };
}

/** @throws GitError when another branch is checked out than the settings name */
export function assertBranch({ root, branch }: Pick<Repository, 'root' | 'branch'>, settings: GitSettings): void {
  const current = branch.replace(/^refs\/heads\//, '');
  const wanted = settings.branch ?? current;
  if (current === wanted) return;
  throw new GitError(`Cannot publish ${root} as the branch ${wanted}: ${current} is checked out`, {
    code: 'git/other-branch',
    path: root,
    hint: `Switch to it (git switch ${wanted}), or correct git.branch in sluice.yaml.`,
  });
}
