import type { Line, Style } from '../demo/text.js';
import { verdictStyle } from '../history-report.js';
import type { Io } from '../io.js';
import { isColourful } from '../judge/report.js';
import { type Cell, clipLine, printed, tableLines } from '../status/columns.js';
import { columnsFor } from '../status/view.js';
import type { FieldDifference } from './compare.js';
import type { Judged, Looked, Replay } from './replay-one.js';

const words = {
  same: 'the same again',
  different: 'not the same',
  'by a person': 'by a person, nothing to make again',
  unknown: 'cannot be told',
} as const satisfies { readonly [O in Replay['outcome']]: string };

const styles: { readonly [O in Replay['outcome']]: Style } = {
  same: 'green',
  different: 'red',
  'by a person': 'dim',
  unknown: 'yellow',
};

/** Returns replays as a person reads them, and where there are several how many came out how. */
export function replayText(replays: readonly Replay[], { stdout }: Io): string {
  const columns = columnsFor(stdout);
  const lines = replays.flatMap((each) => linesOf(each, columns));
  const text = printed(lines, isColourful(stdout, process.env));
  return replays.length === 1 ? text : `${text}${tallyOf(replays)}\n`;
}

/** Returns how many came out how, such as `5 decisions: 4 the same again, 1 not the same`. */
function tallyOf(replays: readonly Replay[]): string {
  const parts = Object.entries(words).flatMap(([outcome, word]) => {
    const count = replays.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${replays.length} decisions: ${parts.join(', ')}`;
}

const margin = '  ';

function linesOf(replay: Replay, columns: number): Line[] {
  const { commit, release, summary, outcome, reason, looked, at, verdict, differences, unchecked, judges } = replay;
  const dim = (text: string): Line => [{ text: margin + text, style: 'dim' }];
  return [
    [
      { text: `${commit.slice(0, 10)} `, style: 'yellow' },
      { text: release, style: 'bold' },
      { text: ` ${summary}: ` },
      { text: words[outcome], style: styles[outcome] },
    ],
    ...reason.split('\n').map(dim),
    ...(looked === undefined ? [] : [dim(lookedWords(looked))]),
    ...(at === undefined ? [] : [dim(`as of ${at}${verdict === undefined ? '' : `, verdict ${verdict}`}`)]),
    ...unchecked.map(dim),
    ...differencesTable(differences, columns),
    ...(judges === undefined ? [] : judgesTable(judges, columns)),
  ];
}

function lookedWords({ windows, interval, from, to, requests, evidence }: Looked): string {
  const counts = Object.entries(requests).map(([name, count]) => `${count.toLocaleString('en')} requests of ${name}`);
  const span = `${windows} ${windows === 1 ? 'window' : 'windows'} of ${interval} s, ${from} to ${to}`;
  return `looked at ${span}: ${counts.join(', ')}; evidence ${evidence}`;
}

/** The others are in the JSON. */
const mostShown = 20;

function differencesTable(differences: readonly FieldDifference[], columns: number): Line[] {
  if (differences.length === 0) return [];
  const rows = differences.slice(0, mostShown).map(({ field, committed, replayed }): Cell[] => {
    return [{ text: field }, { text: shown(committed) }, { text: shown(replayed) }];
  });
  const head: Cell[] = ['field', 'committed', 'replayed'].map((text) => ({ text, style: 'dim' }));
  const more = differences.length - rows.length;
  return [
    ...table([head, ...rows], columns),
    ...(more > 0 ? [[{ text: `${margin}… ${more} more: see -o json` }]] : []),
  ];
}

/** Side by side; one that says nothing is told with its reason. */
function judgesTable(judges: readonly Judged[], columns: number): Line[] {
  const says = (judged: readonly Judged[]) =>
    judged.map(({ judge, sentence, refusal = '' }): Line => [{ text: `${margin}${judge}: ${sentence ?? refusal}` }]);
  const silent = judges.filter(({ refusal }) => refusal !== undefined);
  if (silent.length > 0) return says(silent);
  const row = (name: string, cell: (judged: Judged) => Cell): Cell[] => {
    return [{ text: name, style: 'dim' }, ...judges.map(cell)];
  };
  const rows = [
    row('judge', ({ judge }) => ({ text: judge, style: 'bold' })),
    row('verdict', ({ verdict = '' }) => ({ text: verdict, style: verdictStyle(verdict) })),
    row('decision', ({ decision = '' }) => ({ text: decision })),
    row('windows', ({ windows, absent = 0 }) => ({
      text: `${windows}${absent === 0 ? '' : `, and ${absent} that the ledger lacks`}`,
    })),
  ];
  return [...table(rows, columns), ...says(judges)];
}

function table(rows: readonly (readonly Cell[])[], columns: number): Line[] {
  const flexible = [1, 2, 0].map((column) => [column, 8] as const);
  const fitting = tableLines(rows, { columns, flexible, indent: margin.length });
  return fitting ?? rows.map((row) => clipLine([{ text: margin + row.map(({ text }) => text).join('  ') }], columns));
}

function shown(value: unknown): string {
  if (value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
