import { ConfigError } from '../errors.js';
import { readSecret, Secret } from '../secret.js';
import type { NotificationSettings } from '../values/project/notifications.js';
import { isSafeApi } from '../values/project/safe-api.js';
import type { Ground } from './channel.js';

/** What a server knows its callers by; words such as `services` stay as they are wherever they stand. */
const secretPart = /^(?=.*\d).{8,}$|^.{20,}$/s;

/**
 * Reads the URL of a notification, which is a secret as a whole.
 *
 * @throws ConfigError that does not repeat it, when it is not there or not safe to send anything to
 */
export function readUrl({ kind, url: source }: NotificationSettings, { root, env }: Ground): URL {
  if (source === undefined) throw refused(kind, 'none is set');
  const text = readSecret(source, `the url of ${kind}`, { root, env }).reveal();
  if (!URL.canParse(text)) throw refused(kind, 'it is no URL');
  const url = new URL(text);
  // Whoever repeats a part of it is not to give it away either.
  const parts = [url.pathname + url.search, ...url.pathname.split('/'), ...url.searchParams.values()];
  for (const part of parts) if (secretPart.test(part)) new Secret(part);
  const bare = new URL(url);
  bare.search = '';
  if (!isSafeApi(bare.href)) {
    throw refused(kind, 'it is not https (http is for this machine alone), or holds a user or a fragment');
  }
  return url;
}

function refused(kind: string, current: string): ConfigError {
  return new ConfigError(`Cannot use the url of ${kind} as a safe one: ${current}`, {
    code: 'notify/unsafe-url',
    path: 'sluice.yaml',
    hint: 'Give the https URL that the server has shown, in the variable or the file that sluice.yaml names.',
  });
}
