import type { CaseAnswer, Outcome } from '../../release/judge.js';
import { type Line, paint, type Style } from '../demo/text.js';
import type { Io } from '../io.js';

/** How outcomes look. */
export const styles: { readonly [O in Outcome]: Style } = {
  pass: 'green',
  marginal: 'yellow',
  fail: 'red',
  inconclusive: 'cyan',
};

/** Rows of a table beyond which only the newest are shown to people. */
const mostRows = 20;

/** Whether a terminal shows colours; see no-color.org for what `NO_COLOR` asks. */
export function isColourful(stdout: Io['stdout'], env: NodeJS.ProcessEnv): boolean {
  return stdout.isTTY === true && env.TERM !== 'dumb' && (env.NO_COLOR ?? '') === '';
}

/** Returns an answer as a person reads it: what was found, the sentence, and the numbers in columns. */
export function formatAnswer({ sentence, outcome, table }: CaseAnswer, name: string, colour: boolean): string {
  const found: Line = outcome === undefined ? [] : [{ text: outcome, style: styles[outcome] }, { text: '  ' }];
  const head: Line = [{ text: name, style: 'bold' }, { text: '  ' }, ...found, { text: sentence }];
  return [head, ...linesOf(table)].map((line) => `${paint(line, colour)}\n`).join('');
}

/** Returns how many cases were found to be what, such as `3 cases: 2 pass, 1 fail`. */
export function formatTally(tally: ReadonlyMap<string, number>): string {
  const all = [...tally.values()].reduce((sum, number) => sum + number, 0);
  const parts = [...tally].map(([found, number]) => `${number.toLocaleString('en')} ${found}`);
  return `${all.toLocaleString('en')} cases: ${parts.join(', ')}\n`;
}

function linesOf([head, ...rows]: CaseAnswer['table']): Line[] {
  if (head === undefined || rows.length === 0) return [];
  const shown = rows.slice(-mostRows);
  const widths = head.map((title, i) => Math.max(title.length, ...shown.map((row) => row[i]?.length ?? 0)));
  const lineOf = (row: readonly string[]) => {
    return `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd();
  };
  const left = rows.length - shown.length;
  return [
    [{ text: lineOf(head), style: 'dim' }],
    ...(left === 0 ? [] : [[{ text: `  … ${left.toLocaleString('en')} more`, style: 'dim' } as const]]),
    ...shown.map((row): Line => [{ text: lineOf(row), ...(isBad(row) && { style: 'red' }) }]),
  ];
}

function isBad(row: readonly string[]): boolean {
  return row.some((cell) => /^(high|low|nodatafailmetric)$/i.test(cell));
}
