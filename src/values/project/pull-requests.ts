import * as z from 'zod';
import { apiUrl } from './safe-api.js';

/** The servers that know pull requests, whatever they call them. */
export const pullRequestHosts = ['github', 'gitlab', 'gitea'] as const;

/** Decisions that may be made to wait one by one; rolling back is what nobody should wait for. */
const waitingKinds = ['advance', 'promote', 'hold'] as const;

/** Letters, digits and what people's names and paths are made of; never a way out of the URL that it becomes part of. */
const RepositoryName = z
  .string()
  .regex(
    /^(?!.*\.\.)[\w.-]+(\/[\w.-]+)+$/,
    'is no name of a repository: write it as owner/name, on GitLab with every group',
  );

const Name = z
  .string()
  .min(1)
  .refine((text) => !/[\p{Cc},]/u.test(text), {
    error: 'holds a comma or a control character: name one for each entry',
  });

/** `git.pullRequests` in `sluice.yaml`. */
export const PullRequestsFile = z.strictObject({
  for: z.union([z.literal('all'), z.array(z.enum(waitingKinds)).min(1)], {
    error: `is neither all nor a list of ${waitingKinds.join(', ')}: rolling back waits only with all`,
  }),
  host: z.enum(pullRequestHosts),
  url: apiUrl('https://git.example/api/v1').optional(),
  repository: RepositoryName.optional(),
  labels: z.array(Name).optional(),
  reviewers: z.array(Name).optional(),
});

/** Which decisions wait for the merge of a pull request, and where those are opened. */
export interface PullRequestSettings {
  readonly for: 'all' | readonly (typeof waitingKinds)[number][];
  readonly host: (typeof pullRequestHosts)[number];
  /** Of the API; default: that of the server of the remote. */
  readonly url: string | undefined;
  /** Such as `owner/name`; default: that of the remote. */
  readonly repository: string | undefined;
  /** Default none. */
  readonly labels: readonly string[];
  /** Names of accounts; on GitHub also `organisation/team`. Default none. */
  readonly reviewers: readonly string[];
}

/** Returns the settings with every default resolved. */
export function pullRequestSettings(file: z.infer<typeof PullRequestsFile>): PullRequestSettings {
  return { url: undefined, repository: undefined, labels: [], reviewers: [], ...file };
}
