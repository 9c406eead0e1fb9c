import * as z from 'zod';
import { sentence } from '../../reports/markdown.js';
import type { NotificationSettings } from '../../values/project/notifications.js';
import { broughtBy } from '../brought-by.js';
import { type Channel, eventByEvent, type Ground } from '../channel.js';
import { type ReleaseEvent, subjectOf } from '../event.js';
import { type GithubRepository, openGithubRepository } from '../github.js';
import type { Post } from '../post.js';
import { clip } from '../texts.js';

const longest = 1_000;

const PullRequests = z.array(z.object({ number: z.int(), merged_at: z.string().nullish() }));

/** A comment on the pull request that brought the candidate, else on that of the new commit. */
export async function openGithubComment(settings: NotificationSettings, ground: Ground): Promise<Channel> {
  const repository = await openGithubRepository(settings, ground);
  return eventByEvent(async (event, post) => {
    const commits = [await broughtBy(event, ground), event.commit];
    const number = await requestOf(new Set(commits.filter((commit) => commit !== undefined)), repository, post);
    if (typeof number === 'object') return number;
    if (number === undefined) return 'nobody';
    const answer = await repository.ask(post, `/issues/${number}/comments`, { body: bodyOf(event) });
    return 'error' in answer ? answer : 'sent';
  });
}

/** Returns the number of the pull request that the first of the commits has one of. */
async function requestOf(
  commits: ReadonlySet<string>,
  repository: GithubRepository,
  post: Post,
): Promise<number | { readonly error: string } | undefined> {
  for (const commit of commits) {
    const answer = await repository.ask(post, `/commits/${commit}/pulls?per_page=10`);
    if ('error' in answer) return answer;
    const found = read(answer.text);
    if (found === undefined) return { error: 'the answer is no list of pull requests' };
    const request = found.find(({ merged_at }) => merged_at) ?? found[0];
    if (request !== undefined) return request.number;
  }
  return undefined;
}

function read(text: string): z.infer<typeof PullRequests> | undefined {
  try {
    return PullRequests.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** GitHub makes a link of a commit's name. */
function bodyOf(event: ReleaseEvent): string {
  const [subject, summary, reason] = [subjectOf(event), event.summary, event.reason].map((text) =>
    sentence(clip(text, longest)),
  );
  return `**${event.kind}** of ${subject}: ${summary}\n\n${reason}\n\n${event.commit}\n`;
}
