import { type Line, paint, type Span, type Style } from '../demo/text.js';

/** What a terminal shows on two columns: East Asian scripts, their full-width forms, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** What sits on the character before it. */
const attached = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;

/** Returns how many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

function widthOf(character: string): number {
  if (character < '\u0300') return 1;
  if (attached.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Returns the text with spaces behind it, up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Returns the text in at most so many columns; what is cut off leaves an ellipsis. */
export function shorten(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let room = columns - 1;
  for (const character of text) {
    room -= widthOf(character);
    if (room < 0) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** Returns a line in at most so many columns. */
export function clipLine(line: Line, columns: number): Line {
  const kept: Span[] = [];
  let room = columns;
  for (const span of line) {
    const text = shorten(span.text, room);
    if (text !== '') kept.push({ ...span, text });
    if (text !== span.text) return kept;
    room -= columnsOf(text);
  }
  return kept;
}

/** Returns a text in lines of at most so many columns, broken at spaces, and inside of longer words. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, columns: number): string[] {
  if (columnsOf(word) <= columns) return [word];
  const found = [''];
  for (const character of word) {
    if (columnsOf(found.at(-1) + character) > columns) found.push('');
    found[found.length - 1] += character;
  }
  return found;
}

/** One cell of a table. */
export interface Cell {
  readonly text: string;
  /** @default the terminal's own */
  readonly style?: Style | undefined;
}

/** How a table is laid out. */
export interface TableOptions {
  /** Infinity where nothing limits it. */
  readonly columns: number;
  /** Positions of the columns that are shortened where there is no room, the first one first, and to what at least. */
  readonly flexible: readonly (readonly [column: number, least: number])[];
  /** Columns before the first cell. @default 0 */
  readonly indent?: number;
}

const gap = 2;

/** Returns rows in columns that fit the terminal; undefined where they do not, however short they are made. */
export function tableLines(rows: readonly (readonly Cell[])[], options: TableOptions): Line[] | undefined {
  const { columns, flexible, indent = 0 } = options;
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) =>
    rows.reduce((most, row) => Math.max(most, columnsOf(row[i]?.text ?? '')), 0),
  );
  let excess = indent + widths.reduce((sum, width) => sum + width, 0) + gap * (count - 1) - columns;
  for (const [column, least] of flexible) {
    const taken = Math.min(Math.max(0, excess), Math.max(0, (widths[column] ?? 0) - least));
    widths[column] = (widths[column] ?? 0) - taken;
    excess -= taken;
  }
  return excess > 0 ? undefined : rows.map((row) => rowLine(row, widths, indent));
}

function rowLine(row: readonly Cell[], widths: readonly number[], indent: number): Line {
  const last = row.findLastIndex(({ text }) => text !== '');
  const spans = row.slice(0, last + 1).map(({ text, style }, i): Span => {
    const short = shorten(text, widths[i] ?? 0);
    const cell = i === last ? short : pad(short, (widths[i] ?? 0) + gap);
    return { text: cell, ...(style !== undefined && { style }) };
  });
  return indent === 0 ? spans : [{ text: ' '.repeat(indent) }, ...spans];
}

/** Returns lines as text. */
export function printed(lines: readonly Line[], colour: boolean): string {
  return lines.map((line) => `${paint(line, colour)}\n`).join('');
}
