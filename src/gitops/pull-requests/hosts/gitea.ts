import * as z from 'zod';
import { type Api, answerAs, openApi } from '../api.js';
import type { Host, OpenHost, PullRequest } from '../host.js';

const Request = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  merged: z.boolean(),
  merged_at: z.string().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  head: z.object({ ref: z.string(), label: z.string(), repo_id: z.int() }),
  base: z.object({ repo_id: z.int() }),
});
type GiteaRequest = z.infer<typeof Request>;

const Label = z.object({ id: z.int(), name: z.string() });

const perPage = 50;
/** Closed requests are looked at newest first; what is further back was decided on long ago. */
const mostPages = 4;

/** Gitea and Forgejo, by their REST interface. */
export const open: OpenHost = async (input) => {
  const { api, secret } = openApi(input, 'token');
  return { host: hostBy(api, input.repository), secret };
};

function hostBy(api: Api, repository: string): Host {
  const root = `/repos/${repository}`;

  async function paged<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>[]> {
    const found: z.output<Schema>[] = [];
    for (let page = 1; page <= mostPages; page += 1) {
      const answer = answerAs(z.array(schema), await api.ask('GET', `${root}${path}limit=${perPage}&page=${page}`));
      found.push(...answer);
      if (answer.length < perPage) break;
    }
    return found;
  }

  /** There is no way to ask for a branch, so that one list serves all releases of a pass. */
  let listing: Promise<GiteaRequest[]> | undefined;
  async function listAll(): Promise<GiteaRequest[]> {
    const open = await paged('/pulls?state=open&sort=recentupdate&', Request);
    return [...open, ...(await paged('/pulls?state=closed&sort=recentupdate&', Request))];
  }

  return {
    nameOf: (number) => `#${number}`,
    async requestsOf(branch) {
      listing ??= listAll();
      const requests = (await listing).filter((each) => isFrom(each, branch)).map(requestOf);
      return requests.sort((a, b) => b.number - a.number);
    },
    async open({ branch, base, title, body }) {
      listing = undefined;
      const answer = await api.ask('POST', `${root}/pulls`, { head: branch, base, title, body });
      return requestOf(answerAs(Request, answer));
    },
    async update(number, { title, body, close }) {
      const change = { title, body, ...(close && { state: 'closed' }) };
      await api.ask('PATCH', `${root}/pulls/${number}`, change);
    },
    async comment(number, body) {
      await api.ask('POST', `${root}/issues/${number}/comments`, { body });
    },
    async addLabels(number, labels) {
      const known = await paged('/labels?', Label);
      const ids: number[] = [];
      for (const name of labels) {
        const there = known.find((label) => label.name === name);
        ids.push((there ?? answerAs(Label, await api.ask('POST', `${root}/labels`, { name, color: '#336699' }))).id);
      }
      await api.ask('POST', `${root}/issues/${number}/labels`, { labels: ids });
    },
    async addReviewers(number, reviewers) {
      await api.ask('POST', `${root}/pulls/${number}/requested_reviewers`, { reviewers });
    },
  };
}

/** Once the branch is deleted, `ref` names the request itself, and `label` the branch that it had. */
function isFrom({ head, base }: GiteaRequest, branch: string): boolean {
  return head.repo_id === base.repo_id && (head.ref === branch || head.label === branch);
}

function requestOf(request: GiteaRequest): PullRequest {
  const { number, html_url, state, merged, merged_at, title, body, labels } = request;
  return {
    ...{ number, url: html_url, state: merged ? 'merged' : state, title, body: body ?? '' },
    labels: (labels ?? []).map(({ name }) => name),
    mergedAt: merged_at ?? undefined,
  };
}
