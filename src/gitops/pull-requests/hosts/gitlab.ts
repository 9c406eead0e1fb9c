import * as z from 'zod';
import { GitError } from '../../../errors.js';
import { type Api, answerAs, openApi } from '../api.js';
import type { Host, OpenHost, PullRequest } from '../host.js';

const Request = z.object({
  iid: z.int(),
  web_url: z.string(),
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  merged_at: z.string().nullish(),
  title: z.string(),
  description: z.string().nullish(),
  labels: z.array(z.string()),
  source_project_id: z.int().nullable(),
  target_project_id: z.int(),
});
const User = z.object({ id: z.int(), username: z.string() });

const perPage = 100;

/** GitLab, where pull requests are called merge requests. */
export const open: OpenHost = async (input) => {
  const { api, secret } = openApi(input, 'Bearer');
  return { host: hostBy(api, input.repository), secret };
};

function hostBy(api: Api, repository: string): Host {
  const root = `/projects/${encodeURIComponent(repository)}/merge_requests`;

  async function idOf(username: string): Promise<number> {
    const found = answerAs(z.array(User), await api.ask('GET', `/users?username=${encodeURIComponent(username)}`));
    const user = found.find((each) => each.username.toLowerCase() === username.toLowerCase());
    if (user !== undefined) return user.id;
    throw new GitError(`Cannot find ${username} among the users of GitLab: there is nobody of that name`, {
      code: 'git/no-such-user',
      path: 'sluice.yaml',
      hint: 'Correct git.pullRequests.reviewers.',
    });
  }

  /** Who is asked already, by request: each answer replaces all of them. */
  const asked = new Map<number, readonly number[]>();

  return {
    nameOf: (number) => `!${number}`,
    async requestsOf(branch) {
      const query = `source_branch=${encodeURIComponent(branch)}&state=all&order_by=created_at&sort=desc&per_page=${perPage}`;
      const answer = answerAs(z.array(Request), await api.ask('GET', `${root}?${query}`));
      return answer.filter((each) => each.source_project_id === each.target_project_id).map(requestOf);
    },
    async open({ branch, base, title, body }) {
      const draft = {
        source_branch: branch,
        target_branch: base,
        title,
        description: body,
        remove_source_branch: true,
      };
      return requestOf(answerAs(Request, await api.ask('POST', root, draft)));
    },
    async update(number, { title, body, close }) {
      await api.ask('PUT', `${root}/${number}`, { title, description: body, ...(close && { state_event: 'close' }) });
    },
    async comment(number, body) {
      await api.ask('POST', `${root}/${number}/notes`, { body });
    },
    async addLabels(number, labels) {
      await api.ask('PUT', `${root}/${number}`, { add_labels: labels.join(',') });
    },
    async addReviewers(number, reviewers) {
      const ids = [...(asked.get(number) ?? [])];
      for (const name of reviewers) ids.push(await idOf(name));
      await api.ask('PUT', `${root}/${number}`, { reviewer_ids: ids });
      asked.set(number, ids);
    },
  };
}

function requestOf(request: z.infer<typeof Request>): PullRequest {
  const { iid, web_url, state, merged_at, title, description, labels } = request;
  // `locked` is what it is called for the moment of its merge.
  const known = { opened: 'open', locked: 'open', closed: 'closed', merged: 'merged' } as const;
  return {
    ...{ number: iid, url: web_url, state: known[state], title, body: description ?? '', labels },
    mergedAt: merged_at ?? undefined,
  };
}
