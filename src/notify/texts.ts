import { oneLine } from '../gitops/one-line.js';
import { redact } from '../secret.js';

/** Returns a text from anywhere as one line without secrets, of at most so many characters as JavaScript counts them. */
export function clip(text: string, most: number): string {
  const line = oneLine(redact(text));
  return line.length <= most ? line : `${whole(line.slice(0, most - 1))}…`;
}

/**
 * Returns a text as Slack's mrkdwn that shows it and does nothing: no link, no mention, no code.
 *
 * @param most characters, with the escapes
 */
export function slackText(text: string, most: number): string {
  let shown = '';
  for (const character of oneLine(redact(text))) {
    const next = escapes[character] ?? character;
    if (shown.length + next.length > most - 1) return `${shown}…`;
    shown += next;
  }
  return shown;
}

/** A word joiner, which nobody sees, keeps the word behind `@` from calling anybody. */
const escapes: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': '@\u2060',
  '`': "'",
};

/** Half of a pair is no character. */
function whole(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}
