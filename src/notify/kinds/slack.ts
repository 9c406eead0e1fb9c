import type { NotificationSettings } from '../../values/project/notifications.js';
import type { Channel, Ground } from '../channel.js';
import { type ReleaseEvent, subjectOf } from '../event.js';
import { readUrl } from '../secret-url.js';
import { clip, slackText } from '../texts.js';

/** Slack takes 50 blocks, and no more than some 13,000 characters in them together. */
const mostEvents = 10;
const longest = { subject: 200, summary: 200, reason: 600, fallback: 150 };

/** An incoming webhook of Slack: one message for all that a pass did. */
export function openSlack(settings: NotificationSettings, ground: Ground): Channel {
  const url = readUrl(settings, ground);
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return {
    messagesFor: (events) => [
      {
        events,
        async send(post) {
          const body = JSON.stringify(messageOf(events, ground));
          const answer = await post({ url, method: 'POST', headers, body });
          return 'error' in answer ? answer : 'sent';
        },
      },
    ],
  };
}

function messageOf(events: readonly ReleaseEvent[], ground: Ground): object {
  const shown = events.slice(0, mostEvents);
  const more = events.length - shown.length;
  const [first, ...others] = events;
  const also = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    // What a phone shows of it.
    text: first && `${slackText(`${subjectOf(first)}: ${first.summary}`, longest.fallback)}${also}`,
    blocks: [
      ...shown.flatMap((event) => blocksOf(event, ground)),
      ...(more === 0 ? [] : [context(`and ${more} more: git log and the output of the pass have them`)]),
    ],
  };
}

function blocksOf(event: ReleaseEvent, { linkTo }: Ground): object[] {
  const { commit, kind } = event;
  const head = `*${slackText(subjectOf(event), longest.subject)}*: ${slackText(event.summary, longest.summary)}`;
  const link = commit && linkTo(commit);
  const short = commit?.slice(0, 10);
  const at = commit && ` · commit ${link ? `<${slackText(link, 500)}|${short}>` : short}`;
  return [
    { type: 'section', text: mrkdwn(`${head}\n${slackText(event.reason, longest.reason)}`) },
    context(`${kind}${event.code === undefined ? '' : ` · ${slackText(clip(event.code, 100), 100)}`}${at ?? ''}`),
  ];
}

function context(text: string): object {
  return { type: 'context', elements: [mrkdwn(text)] };
}

/** `verbatim` keeps Slack from making links and mentions of what looks like one. */
function mrkdwn(text: string): object {
  return { type: 'mrkdwn', text, verbatim: true };
}
