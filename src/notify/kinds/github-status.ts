import type { EventKind, NotificationSettings } from '../../values/project/notifications.js';
import { type Channel, eventByEvent, type Ground } from '../channel.js';
import { subjectOf } from '../event.js';
import { openGithubRepository } from '../github.js';
import { clip } from '../texts.js';

/** GitHub refuses longer ones. */
const longest = { context: 200, description: 140 };

const bad: readonly EventKind[] = ['roll back', 'inconclusive'];

/** The status of the new commit, one for each release. */
export async function openGithubStatus(settings: NotificationSettings, ground: Ground): Promise<Channel> {
  const repository = await openGithubRepository(settings, ground);
  return eventByEvent(async (event, post) => {
    const answer = await repository.ask(post, `/statuses/${event.commit}`, {
      state: bad.includes(event.kind) ? 'failure' : 'success',
      context: clip(`sluice/${subjectOf(event)}`, longest.context),
      description: clip(`${event.summary}: ${event.reason}`, longest.description),
    });
    return 'error' in answer ? answer : 'sent';
  });
}
