/** A record of a CSV with the line that it begins on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads comma-separated values as RFC 4180 has them: cells in quotes may hold commas, line ends and doubled quotes. Records of
 * nothing but empty cells are none.
 *
 * @returns the records, or the line of a cell whose quotes do not end, or do not end it
 */
export function parseCsv(text: string): readonly CsvRecord[] | { readonly open: number } {
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let begin = 1;
  for (let at = 0; at < text.length || cells.length > 0; ) {
    const cell = cellAt(text, at);
    if (cell === undefined) return { open: line };
    cells.push(cell.text);
    line += linesIn(text.slice(at, cell.end));
    if (text.charAt(cell.end) === ',') {
      at = cell.end + 1;
      continue;
    }
    if (cells.some((each) => each !== '')) records.push({ line: begin, cells });
    at = cell.end + (text.startsWith('\r\n', cell.end) ? 2 : 1);
    cells = [];
    line += 1;
    begin = line;
  }
  return records;
}

interface Cell {
  readonly text: string;
  /** Where it ends: at a comma, a line end or the end of the text. */
  readonly end: number;
}

function cellAt(text: string, at: number): Cell | undefined {
  if (text.charAt(at) === '"') return quotedAt(text, at);
  let end = at;
  while (end < text.length && !',\r\n"'.includes(text.charAt(end))) end += 1;
  return text.charAt(end) === '"' ? undefined : { text: text.slice(at, end), end };
}

function quotedAt(text: string, at: number): Cell | undefined {
  let close = text.indexOf('"', at + 1);
  while (close !== -1 && text.charAt(close + 1) === '"') close = text.indexOf('"', close + 2);
  const end = close + 1;
  if (close === -1 || (end < text.length && !',\r\n'.includes(text.charAt(end)))) return undefined;
  return { text: text.slice(at + 1, close).replaceAll('""', '"'), end };
}

function linesIn(text: string): number {
  return text.split(/\r\n|\n|\r/).length - 1;
}
