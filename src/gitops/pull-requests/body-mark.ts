import type { PullRequest } from './host.js';

/** A trailer in the last lines of the body: which decision a request is for. */
const openMark = 'Sluice-Proposal';
/** In its place once we closed it ourselves: then its end was nobody's no. */
const closedMark = 'Sluice-Withdrawn';

/** Returns the decision that a request is for; undefined where we took it back, or where it is none of ours. */
export function keyOf({ body }: Pick<PullRequest, 'body'>): string | undefined {
  return [...body.matchAll(/^Sluice-Proposal: ([0-9a-f]+)\r?$/gm)].at(-1)?.[1];
}

/** Returns the body of a request that we close. */
export function withdrawn(body: string): string {
  return body.replace(new RegExp(`^${openMark}: `, 'gm'), `${closedMark}: `);
}

/** Returns the first paragraph of a body: the sentence. Servers and people change the ends of lines. */
export function sentenceOf(body: string): string {
  return body.replaceAll('\r\n', '\n').split('\n\n')[0]?.trim() ?? '';
}
