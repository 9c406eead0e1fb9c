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
  /** Which run of sluice pushed it: the same for all commits of one. */
  readonly pass?: string;
  /** Of a request: which decision it is for. */
  readonly proposal?: string;
  /** Of a request: the command of a person that it carries out. */
  readonly command?: string;
  /** Of a request's commit: the hash of what it changes. */
  readonly seal?: string;
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

/** One commit as data, before anything is written. Every backend makes a commit of the same plan. */
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
 * @param template of the subject, with `{{release}}`, `{{summary}}`, `{{decision}}`, `{{verdict}}`, `{{iteration}}`
 *
 * @example
 * commitMessage({ release: 'reviews', summary: 'candidate 20 % → 35 %', trailers: { decision: 'advance' } });
 * // chore(reviews): candidate 20 % → 35 %
 * //
 * // Sluice-Release: reviews
 * // Sluice-Decision: advance
 */
export function commitMessage(text: CommitText, template = 'chore({{release}}): {{summary}}'): string {
  const subject = subjectOf(text, template);
  const parts = [subject, wrap(harmless(text.body ?? '')), trailerLines(text)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Returns the trailers, one a line. */
export function trailerLines({ release, trailers }: CommitText): string {
  const lines = Object.entries({
    'Sluice-Release': release,
    'Sluice-Decision': trailers.decision,
    'Sluice-Iteration': trailers.iteration,
    'Sluice-Verdict': trailers.verdict,
    'Sluice-Evidence': trailers.evidence,
    'Sluice-Pass': trailers.pass,
    'Sluice-Command': trailers.command,
    'Sluice-Proposal': trailers.proposal,
    'Sluice-Seal': trailers.seal,
  }).flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${oneLine(`${value}`)}`));
  return lines.join('\n');
}

/** Returns the subject of a commit as `commitMessage` has it. A value stands for itself alone: what looks like a variable in it is none. */
export function subjectOf({ release, summary, trailers }: CommitText, template: string): string {
  const values: { readonly [name: string]: string | number | undefined } = { ...trailers, release, summary };
  const filled = template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => oneLine(`${values[name] ?? ''}`));
  // git takes a line that starts with # for a comment where a person edits the message.
  return shorten(oneLine(filled).replace(/^[#\s]+/, ''));
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
