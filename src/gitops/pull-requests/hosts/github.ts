import { Octokit } from '@octokit/rest';
import { isSluiceError } from '../../../errors.js';
import { refusal } from '../api.js';
import type { Host, HostInput, PullRequest } from '../host.js';

/** GitHub, its Enterprise Server too. */
export function makeHost({ url, repository, token, fetch }: HostInput): Host {
  // What goes wrong is told by the errors, not by a log of its own.
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const octokit = new Octokit({
    baseUrl: url,
    auth: token.reveal(),
    userAgent: 'sluice',
    request: { fetch },
    log: silent,
  });
  const [owner = '', repo = ''] = repository.split('/');
  const here = { owner, repo };

  return {
    nameOf: (number) => `#${number}`,
    async requestsOf(branch) {
      const query = { ...here, state: 'all', head: `${owner}:${branch}`, sort: 'created', direction: 'desc' } as const;
      const { data } = await asked(octokit.pulls.list({ ...query, per_page: 100 }));
      // Another repository of the same owner may be a fork of this one.
      return data.filter(({ head }) => isNamed(head.repo?.full_name, repository)).map(requestOf);
    },
    async open({ branch, base, title, body }) {
      const { data } = await asked(octokit.pulls.create({ ...here, head: branch, base, title, body }));
      return requestOf(data);
    },
    async update(number, { title, body, close }) {
      const change = { title, body, ...(close && { state: 'closed' as const }) };
      await asked(octokit.pulls.update({ ...here, pull_number: number, ...change }));
    },
    async comment(number, body) {
      await asked(octokit.issues.createComment({ ...here, issue_number: number, body }));
    },
    async addLabels(number, labels) {
      await asked(octokit.issues.addLabels({ ...here, issue_number: number, labels: [...labels] }));
    },
    async addReviewers(number, reviewers) {
      const people = reviewers.filter((name) => !name.includes('/'));
      const teams = reviewers.filter((name) => name.includes('/')).map((name) => name.slice(name.lastIndexOf('/') + 1));
      const request = { ...here, pull_number: number, reviewers: people, team_reviewers: teams };
      await asked(octokit.pulls.requestReviewers(request));
    },
  };
}

/** GitHub's names are the same in capitals. */
function isNamed(name: string | undefined, repository: string): boolean {
  return name?.toLowerCase() === repository.toLowerCase();
}

interface GithubRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly merged_at: string | null;
  readonly title: string;
  readonly body: string | null;
  readonly labels: readonly { readonly name?: string }[];
}

function requestOf({ number, html_url, state, merged_at, title, body, labels }: GithubRequest): PullRequest {
  const now = merged_at !== null ? 'merged' : state === 'open' ? 'open' : 'closed';
  const names = labels.flatMap(({ name }) => name ?? []);
  return {
    number,
    url: html_url,
    state: now,
    title,
    body: body ?? '',
    labels: names,
    mergedAt: merged_at ?? undefined,
  };
}

/** What Octokit throws holds the request with its headers, and those hold the token. */
async function asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    const own = isSluiceError(error) ? error : (error as { cause?: unknown }).cause;
    if (isSluiceError(own)) throw own;
    const { status = 0, message, request } = error as OctokitError;
    const path = request === undefined ? '' : new URL(request.url).pathname;
    throw refusal({ method: request?.method ?? '', path, status, words: message });
  }
}

interface OctokitError {
  readonly status?: number;
  readonly message: string;
  readonly request?: { readonly method: string; readonly url: string };
}
