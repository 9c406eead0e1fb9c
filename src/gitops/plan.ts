import type { FileChange } from '../release/file-change.js';
import { oneLine } from './one-line.js';

/** What programs read from a commit, as trailers at its end. */
export interface Trailers {
  /** Such as `advance`. */
  readonly decision?: string;
  readonly iteration?: number;
  /** Such as `pass`. */
  readonly verdict?: string;
  /** The hash of the evidence. */
  readonly evidence?: string;
}

/** What a commit says. Names and sentences may come from anywhere: they are made harmless on the way. */
export interface CommitText {
  readonly release: string;
  /** What changes, such as `candidate 20 % → 35 %`. */
  readonly summary: string;
  /** Why: the sentence of evidence. @default none */
  readonly body?: string;
  /** Beside `Sluice-Release`, which is always there. */
  readonly trailers: Trailers;
}

/**
 * One commit as data, before anything is written. A backend (today `commitLocally`) turns it into a commit; whatever
 * other backends come to exist take the same plan.
 */
export interface CommitPlan extends CommitText {
  /** Each path at most once. */
  readonly changes: readonly FileChange[];
}

const widestSubject = 100;
const widestLine = 80;

/**
 * Returns the message of a commit: a Conventional Commit subject, the body in lines of at most 80 characters (longer
 * words apart), and the trailers as `git log --format='%(trailers)'` reads them. Pure.
 *
 * @example
 * commitMessage({ release: 'reviews', summary: 'candidate 20 % → 35 %', trailers: { decision: 'advance' } });
 * // chore(reviews): candidate 20 % → 35 %
 * //
 * // Sluice-Release: reviews
 * // Sluice-Decision: advance
 */
export function commitMessage({ release, summary, body = '', trailers }: CommitText): string {
  const subject = shorten(`chore(${oneLine(release)}): ${oneLine(summary)}`);
  const lines = Object.entries({
    'Sluice-Release': release,
    'Sluice-Decision': trailers.decision,
    'Sluice-Iteration': trailers.iteration,
    'Sluice-Verdict': trailers.verdict,
    'Sluice-Evidence': trailers.evidence,
  }).flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${oneLine(`${value}`)}`));
  return `${[subject, wrap(harmless(body)), lines.join('\n')].filter((part) => part !== '').join('\n\n')}\n`;
}

function shorten(subject: string): string {
  const characters = [...subject];
  return characters.length <= widestSubject ? subject : `${characters.slice(0, widestSubject - 1).join('')}…`;
}

/** Our trailers' names lose their colon in a sentence, so that not even a plain search for a line finds a false one. */
function harmless(text: string): string {
  return oneLine(text)
    .replace(/(sluice-[a-z]+)(\s*:)+/gi, '$1')
    .replace(/^[#\-\s]+/, '');
}

/** What git takes for a comment or for the end of the message where a line starts with it. */
const startsWithSyntax = /^(#|---)/;

function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || [...longer].length <= widestLine || startsWithSyntax.test(word)) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line].join('\n');
}
