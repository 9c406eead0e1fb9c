import type { Difference } from './difference.js';
import { differenceMarkdown } from './difference-markdown.js';
import { sentence, table } from './markdown.js';

/** What a request says of a decision. */
export interface RequestReport {
  /** Why: one sentence. */
  readonly reason: string;
  /** Of every version and metric; the first row has the names of the columns. */
  readonly evidence: readonly (readonly string[])[];
  readonly difference: Difference;
  /** What a reviewer has to know beside; sentences of our own. */
  readonly remarks: readonly string[];
}

/** What a table may hold so that the difference still fits into the page. */
const mostRows = 40;
const longestSentence = 1000;

/** Returns the body of a request in Markdown: why, the evidence, and what changes, the YAML folded away. */
export function requestBody({ reason, evidence, difference, remarks }: RequestReport): string {
  const characters = [...reason];
  const short = characters.length > longestSentence ? `${characters.slice(0, longestSentence).join('')}…` : reason;
  const [head = [], ...rows] = evidence;
  const more = rows.length > mostRows ? `… and ${rows.length - mostRows} more in ledger.jsonl\n` : '';
  return [
    `${sentence(short)}\n`,
    ...remarks.map((remark) => `${remark}\n`),
    ...(rows.length === 0
      ? []
      : [`## Evidence\n`, table([head, ...rows.slice(0, mostRows)]), ...(more && [`${more}`])]),
    differenceMarkdown(difference),
  ].join('\n');
}

/** Returns the body of the request for what is rendered: the folders that are not as their values say, and what is done. */
export function renderingBody(stale: readonly { readonly release: string; readonly summary: string }[]): string {
  const shown = stale.slice(0, mostRows).map(({ release, summary }) => `- ${sentence(release)}: ${summary}\n`);
  const more = stale.length > mostRows ? `- … and ${stale.length - mostRows} more\n` : '';
  return `What is rendered is not what the values say.\n\n${shown.join('')}${more}`;
}
