import type { NotificationKind } from '../values/project/notifications.js';
import type { OpenChannel } from './channel.js';
import { openGithubComment } from './kinds/github-comment.js';
import { openGithubStatus } from './kinds/github-status.js';
import { openSlack } from './kinds/slack.js';
import { openWebhook } from './kinds/webhook.js';

/** Every kind of notification. A new one is one file, one line here, and its keys in `values/project/notifications.ts`. */
export const kinds: { readonly [kind in NotificationKind]: OpenChannel } = {
  slack: openSlack,
  webhook: openWebhook,
  'github-status': openGithubStatus,
  'github-comment': openGithubComment,
};
