import { ConfigError } from '../../errors.js';
import { isHeaderText } from '../../http-headers.js';
import { readSecret } from '../../secret.js';
import { type BodyValues, fillBody } from '../../values/project/notification-template.js';
import type { NotificationSettings } from '../../values/project/notifications.js';
import { type Channel, eventByEvent, type Ground } from '../channel.js';
import { type ReleaseEvent, subjectOf } from '../event.js';
import { readUrl } from '../secret-url.js';
import { clip } from '../texts.js';

const longest = 2_000;

/** Any server that takes a body: one request for each event. */
export function openWebhook(settings: NotificationSettings, ground: Ground): Channel {
  const { method, template, contentType } = settings;
  const url = readUrl(settings, ground);
  const headers = { ...headersOf(settings, ground), 'content-type': contentType, 'user-agent': 'sluice' };
  return eventByEvent(async (event, post) => {
    const body = fillBody(template, valuesOf(event, ground), contentType);
    const answer = await post({ url, method, headers, body });
    return 'error' in answer ? answer : 'sent';
  });
}

function headersOf({ headers }: NotificationSettings, { root, env }: Ground): Record<string, string> {
  const read = Object.entries(headers).map(([name, value]): [string, string] => {
    if (typeof value === 'string') return [name, value];
    const text = readSecret(value, `the header ${name} of webhook`, { root, env }).reveal();
    if (isHeaderText(text)) return [name, text];
    throw new ConfigError(`Cannot send the header ${name} of webhook: its value has characters beyond ASCII`, {
      code: 'notify/bad-header',
      path: 'sluice.yaml',
      hint: 'Write it again where it is read from: letters, digits and signs of ASCII on one line.',
    });
  });
  return Object.fromEntries(read);
}

function valuesOf(event: ReleaseEvent, { linkTo }: Ground): BodyValues {
  const { kind, candidate, summary, reason, code, commit } = event;
  const text = (value: string | undefined) => clip(value ?? '', longest);
  const values = {
    ...{ event: kind, release: subjectOf(event), candidate: text(candidate), summary: text(summary) },
    ...{ reason: text(reason), code: text(code), commit: commit ?? '', link: text(commit && linkTo(commit)) },
  };
  const releases = event.releases.map((release) => clip(release, longest));
  return { ...values, json: JSON.stringify({ ...values, releases }) };
}
