import { type LineEdit, lineEdits } from './line-edits.js';

/** Lines around a change that stay. */
const context = 3;

/**
 * Returns the hunks that turn one text into the other, as `diff -u` prints them without its header; empty where the
 * texts are the same. A text that is not there is the empty one.
 */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return '';
  const edits = lineEdits(linesOf(before), linesOf(after));
  return hunksOf(edits)
    .map(([start, end]) => hunk(edits, start, end))
    .join('');
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** From and to, the latter not included. */
type Range = readonly [start: number, end: number];

function hunksOf(edits: readonly LineEdit[]): Range[] {
  const hunks: Range[] = [];
  for (const [i, { kind }] of edits.entries()) {
    if (kind === ' ') continue;
    const range: Range = [Math.max(0, i - context), Math.min(edits.length, i + context + 1)];
    const last = hunks.at(-1);
    if (last !== undefined && range[0] <= last[1]) hunks[hunks.length - 1] = [last[0], range[1]];
    else hunks.push(range);
  }
  return hunks;
}

function hunk(edits: readonly LineEdit[], start: number, end: number): string {
  const [above, inside] = [edits.slice(0, start), edits.slice(start, end)];
  const position = (other: '+' | '-') => {
    const [first, count] = [above, inside].map((part) => part.filter(({ kind }) => kind !== other).length) as [
      number,
      number,
    ];
    return count === 0 ? `${first},0` : `${first + 1}${count === 1 ? '' : `,${count}`}`;
  };
  const lines = inside.map(({ kind, line }) => `${kind}${line}\n`);
  return `@@ -${position('+')} +${position('-')} @@\n${lines.join('')}`;
}
