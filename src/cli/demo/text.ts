import { visible } from '../visible.js';

/** How a piece of text looks; without colour only the words remain. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  /** @default the terminal's own */
  readonly style?: Style;
}

/** One line, as its pieces. Every character is one column wide. */
export type Line = readonly Span[];

const codes: { readonly [S in Style]: number } = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Returns the line in at most `columns` columns; what is cut off leaves an ellipsis. */
export function clip(line: Line, columns: number): Line {
  if (widthOf(line) <= columns) return line;
  const kept: Span[] = [];
  let room = columns - 1;
  for (const span of line) {
    const text = [...span.text].slice(0, room).join('');
    room -= [...text].length;
    if (text !== '') kept.push({ ...span, text });
  }
  return [...kept, { text: '…', style: 'dim' }];
}

/** Returns the line as a terminal shows it, or its bare words without colour. */
export function paint(line: Line, colour: boolean): string {
  return line
    .map(({ text, style }): Span => ({ text: visible(text), ...(style !== undefined && { style }) }))
    .map(({ text, style }) => (colour && style !== undefined ? `\x1b[${codes[style]}m${text}\x1b[0m` : text))
    .join('');
}

/** Returns the line with `right` at the end of `columns`, or without it where less than two columns part them. */
export function justify(left: Line, right: Line, columns: number): Line {
  const between = columns - widthOf(left) - widthOf(right);
  return between < 2 ? left : [...left, { text: ' '.repeat(between) }, ...right];
}

/** Returns a sentence in lines of at most `columns` columns, longer words apart; numbers stay with their units. */
export function wrap(sentence: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(/ (?!%|ms\b)/)) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || [...longer].length > columns) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + [...text].length, 0);
}
