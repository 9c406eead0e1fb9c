import * as z from 'zod';
import type { GithubApi } from '../../github/api.js';
import { openGithub } from '../../github/open-github.js';
import { answerAs } from '../api.js';
import type { Host, OpenHost, PullRequest } from '../host.js';

const Request = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.object({ name: z.string().optional() })),
  head: z.object({ repo: z.object({ full_name: z.string() }).nullish() }),
});

const pulls = '/repos/{owner}/{repo}/pulls';
const issue = '/repos/{owner}/{repo}/issues/{number}';

/** GitHub, its Enterprise Server too, signed in as commits are. */
export const open: OpenHost = async ({ url, repository, settings, ...input }) => {
  const { api, fetchToken } = await openGithub({ ...input, settings: { ...settings, url, repository } });
  return { host: hostBy(api, repository), github: api, secret: await fetchToken() };
};

function hostBy(api: GithubApi, repository: string): Host {
  return {
    nameOf: (number) => `#${number}`,
    async requestsOf(branch) {
      const [owner] = repository.split('/');
      const query = { head: `${owner}:${branch}`, state: 'all', sort: 'created', direction: 'desc', per_page: 100 };
      const answer = await api.ask(`list the pull requests from ${branch}`, `GET ${pulls}`, query);
      // Another repository of the same owner may be a fork of this one.
      const own = answerAs(z.array(Request), answer).filter(({ head }) => isNamed(head.repo?.full_name, repository));
      return own.map(requestOf);
    },
    async open({ branch, ...request }) {
      const answer = await api.ask(`open a pull request from ${branch}`, `POST ${pulls}`, { ...request, head: branch });
      return requestOf(answerAs(Request, answer));
    },
    async update(number, { title, body, close }) {
      const change = { number, title, body, ...(close && { state: 'closed' }) };
      await api.ask(`change the pull request #${number}`, `PATCH ${pulls}/{number}`, change);
    },
    async comment(number, body) {
      await api.ask(`comment on the pull request #${number}`, `POST ${issue}/comments`, { number, body });
    },
    async addLabels(number, labels) {
      await api.ask(`label the pull request #${number}`, `POST ${issue}/labels`, { number, labels });
    },
    async addReviewers(number, names) {
      const reviewers = names.filter((name) => !name.includes('/'));
      const teams = names.filter((name) => name.includes('/')).map((name) => name.slice(name.lastIndexOf('/') + 1));
      const asked = { number, reviewers, team_reviewers: teams };
      await api.ask(
        `ask for a review of the pull request #${number}`,
        `POST ${pulls}/{number}/requested_reviewers`,
        asked,
      );
    },
  };
}

/** GitHub's names are the same in capitals. */
function isNamed(name: string | undefined, repository: string): boolean {
  return name?.toLowerCase() === repository.toLowerCase();
}

function requestOf({ number, html_url, state, merged_at, title, body, labels }: z.infer<typeof Request>): PullRequest {
  return {
    ...{ number, url: html_url, state: merged_at ? 'merged' : state, title, body: body ?? '' },
    labels: labels.flatMap(({ name }) => name ?? []),
    mergedAt: merged_at ?? undefined,
  };
}
