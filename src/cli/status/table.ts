import type { Line, Style } from '../demo/text.js';
import { verdictStyle } from '../history-report.js';
import { ageOf } from './age.js';
import { type Cell, clipLine, tableLines, wrapText } from './columns.js';
import type { ReleaseRow } from './row.js';

/** Where a table is shown. */
export interface TableView {
  /** Infinity where nothing limits it. */
  readonly columns: number;
  /** Unix seconds. */
  readonly now: number;
}

const head = ['RELEASE', 'PHASE', 'PRIMARY', 'CANDIDATE', 'SINCE', 'VERDICT', 'NEXT'];
/** What comes next first, then the verdict and the names, so that the phase and the times are always whole. */
const flexible = [
  [6, 18],
  [5, 8],
  [6, 10],
  [3, 12],
  [2, 8],
  [0, 8],
] as const;

/** Returns a line for every release under a head; in blocks of lines where the terminal is too narrow for a table. */
export function statusTable(rows: readonly ReleaseRow[], { columns, now }: TableView): Line[] {
  if (rows.length === 0) return [[{ text: 'no releases' }]];
  const cells = rows.map((row) => cellsOf(row, now));
  const table = tableLines([head.map((text): Cell => ({ text, style: 'dim' })), ...cells], { columns, flexible });
  return table ?? cells.flatMap((row) => block(row, columns));
}

function cellsOf(row: ReleaseRow, now: number): Cell[] {
  const { release, phase, primary = '', since, finding = '', verdict, next, error } = row;
  return [
    { text: release, style: 'bold' },
    { text: phase, style: phaseStyles[phase] },
    { text: primary },
    { text: candidatesIn(row) },
    { text: ageOf(since, now) },
    { text: error ?? finding, style: error === undefined ? verdictStyle(verdict) : 'red' },
    { text: next.text, style: 'dim' },
  ];
}

function candidatesIn({ candidate, amount = '', others = [] }: ReleaseRow): string {
  const first = candidate === undefined ? [] : [{ candidate, amount }];
  return [...first, ...others].map((each) => `${each.candidate} ${each.amount}`).join(', ');
}

const phaseStyles: { readonly [P in ReleaseRow['phase']]?: Style } = {
  Progressing: 'cyan',
  Paused: 'yellow',
  Inconclusive: 'yellow',
  Completed: 'green',
  RolledBack: 'red',
  Broken: 'red',
};

const indent = '  ';

function block([release, ...cells]: readonly Cell[], columns: number): Line[] {
  const titles = head.slice(1).map((title) => title.toLowerCase());
  const rest = cells.flatMap(({ text, style }, i): Line[] => {
    if (text === '') return [];
    const lines = wrapText(`${titles[i]} ${text}`, Math.max(1, columns - indent.length));
    return lines.map((line) => [{ text: indent }, { text: line, ...(style !== undefined && { style }) }]);
  });
  return [
    clipLine([{ text: release?.text ?? '', style: 'bold' }], columns),
    ...rest.map((line) => clipLine(line, columns)),
  ];
}
