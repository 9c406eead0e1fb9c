/** What a terminal or a page would not show as it is, and what breaks a line. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;

/**
 * What the pages of GitHub, GitLab and Gitea format, link, run as a command or call somebody by; commits are linked by
 * seven digits of their names.
 */
const meaning =
  /[\\`*_{}[\]<>|~#@&^]|:\/\/|www\.|\bGH-\d|(?<!\w)(?:[!$]\d|%["\w])|(?:^|\s)\/[a-z]|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b|^([-+]|\d+[.)])\s/i;

/** Returns text of one line as it is, or as code where a page would make something of it. */
export function plain(text: string): string {
  return meaning.test(text) ? code(text) : text;
}

/** Returns a sentence from outside on one line, each word that a page would make something of as code. */
export function sentence(text: string): string {
  const words = text.replace(unseen, ' ').trim().split(' ');
  return words
    .map((word, i) => (meaning.test(word) || (i === 0 && startsBlock.test(word)) ? code(word) : word))
    .join(' ');
}

/** A word that makes a list, a rule or a heading of the line that it begins. */
const startsBlock = /^([-+=]+|\d+[.)])$/;

/** Returns text as code, with a fence that is longer than any that it holds. */
export function code(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  const gap = /^`|`$/.test(text) ? ' ' : '';
  return `${fence}${gap}${text}${gap}${fence}`;
}

/** Returns lines as a block of code. */
export function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}\n`;
}

/** Returns a table; the first row has the names of the columns. A bar inside a cell needs a backslash, in code as well. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows.map((row) => row.map((cell) => sentence(cell).replaceAll('|', '\\|')));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rest.map(line)].join('');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
