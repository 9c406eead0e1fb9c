import type { Secret } from '../../secret.js';
import type { GitSettings } from '../../values/project/git.js';
import type { PullRequestSettings } from '../../values/project/pull-requests.js';
import type { Bounds } from '../bounded-fetch.js';
import type { GithubApi } from '../github/api.js';
import type { Location } from './location.js';

/** A request to take a branch into another, whatever the server calls it. */
export interface PullRequest {
  /** As the server counts within the repository. */
  readonly number: number;
  /** The page of it. */
  readonly url: string;
  /** `closed` without a merge. */
  readonly state: 'open' | 'closed' | 'merged';
  readonly title: string;
  readonly body: string;
  /** Names; the labels that a person added are among them. */
  readonly labels: readonly string[];
  /** ISO 8601; undefined where it is not merged. */
  readonly mergedAt: string | undefined;
}

/** What a request is to say. */
export interface RequestText {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** One server with pull requests. Every method throws GitError when it refuses or does not answer. */
export interface Host {
  /** How people call a request there, such as `#12` or `!12`. */
  nameOf(number: number): string;
  /** Returns the requests from a branch of the repository itself, newest first; those from forks are not among them. */
  requestsOf(branch: string): Promise<readonly PullRequest[]>;
  open(request: RequestText & { readonly branch: string; readonly base: string }): Promise<PullRequest>;
  /** Replaces the texts, and closes the request where `close` says so. */
  update(number: number, change: RequestText & { readonly close?: boolean }): Promise<void>;
  comment(number: number, text: string): Promise<void>;
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  addReviewers(number: number, reviewers: readonly string[]): Promise<void>;
}

/** What a host is opened with. */
export interface HostInput extends Location, Bounds {
  readonly settings: GitSettings;
  /** The top of the working tree: paths of secrets start there. */
  readonly root: string;
  /** Of the remote, as git has it. */
  readonly remoteUrl: string;
}

/** A host, and what signs git in to it; undefined where git has credentials of its own. */
export interface OpenedHost {
  readonly host: Host;
  /** Where the server can also make the commits. */
  readonly github?: GithubApi;
  readonly secret: Secret | undefined;
}

/**
 * A module of `hosts/` has one of these, called `open`.
 *
 * @throws ConfigError when there is no token
 */
export type OpenHost = (input: HostInput) => Promise<OpenedHost>;

/** The name of a host in the settings. */
export type HostName = PullRequestSettings['host'];
