import type { Line, Style } from './demo/text.js';
import type { HistoryEntry } from './history-entries.js';
import { type Cell, clipLine, tableLines, wrapText } from './status/columns.js';

/** How a history is shown. */
export interface HistoryView {
  /** Infinity where nothing limits it. */
  readonly columns: number;
  /** The whole reason, and who with what address. */
  readonly verbose: boolean;
  /** Returns whether the evidence of an entry is in the ledger as it stands. */
  kept(entry: HistoryEntry): boolean | undefined;
}

/** Returns two lines for each entry, or more in full: when, what, by whom, the verdict, the commit; and why. */
export function historyLines(entries: readonly HistoryEntry[], view: HistoryView): Line[] {
  const rows = entries.map((entry) => cellsOf(entry));
  const heads = tableLines(rows, {
    columns: view.columns,
    flexible: [
      [2, 20],
      [1, 8],
      [4, 6],
      [3, 6],
    ],
  });
  return entries.flatMap((entry, i) => {
    const head = heads?.[i] ?? clipLine(narrow(rows[i] ?? []), view.columns);
    return [head, ...(view.verbose ? detailsOf(entry, view) : reasonOf(entry, view))];
  });
}

function cellsOf({ at, release, summary, verdict, by, commit, kind, decision }: HistoryEntry): Cell[] {
  return [
    { text: `${at.slice(0, 10)} ${at.slice(11, 16)}Z`, style: 'dim' },
    { text: release, style: 'bold' },
    { text: summary, style: styleOf(kind, decision) },
    { text: kind === 'revert' || kind === 'not from sluice' ? kind : (verdict ?? ''), style: verdictStyle(verdict) },
    { text: by.name },
    { text: commit.slice(0, 10), style: 'yellow' },
  ];
}

function narrow(cells: readonly Cell[]): Line {
  const [at, release, summary, verdict] = cells.map(({ text }) => text);
  return [{ text: `${at} ${release} ${summary}${verdict === '' ? '' : ` (${verdict})`}` }];
}

function styleOf(kind: HistoryEntry['kind'], decision: string | undefined): Style | undefined {
  if (kind === 'revert') return 'bold';
  if (kind === 'not from sluice') return 'dim';
  return decision === 'roll back' ? 'red' : decision === 'promote' ? 'green' : undefined;
}

/** Returns the colour of a verdict; undefined for a word that is none. */
export function verdictStyle(verdict: string | undefined): Style | undefined {
  const styles: { readonly [verdict: string]: Style } = { pass: 'green', marginal: 'yellow', fail: 'red' };
  return verdict === undefined ? undefined : styles[verdict];
}

const margin = '  ';

function reasonOf(entry: HistoryEntry, { columns }: HistoryView): Line[] {
  const text = entry.doubt ?? [...lossOf(entry), ...entry.reason.split('\n')].join(' ').trim();
  return text === '' ? [] : [clipLine([{ text: margin + text, style: 'dim' }], columns)];
}

/** Returns what is to be known of a decision that was read from its files. */
function lossOf({ trailersLost, request, decision }: HistoryEntry): string[] {
  if (trailersLost === undefined) return [];
  const merge = request === undefined ? 'its trailers are lost' : `the merge of ${request} lost its trailers`;
  return [`${merge}${decision === undefined ? ', and what was decided with them' : ''}.`];
}

function detailsOf(entry: HistoryEntry, view: HistoryView): Line[] {
  const { reason, doubt, by, committedBy, commit, decision, iteration, evidence, reverts } = entry;
  const person = ({ name, email }: typeof by) => `${name} <${email}>`;
  const kept = view.kept(entry);
  const rows = [
    ...(doubt === undefined ? [] : [`not from sluice: ${doubt}`]),
    ...lossOf(entry),
    ...(reason === '' ? [] : reason.split('\n')),
    `by ${person(by)}${committedBy === undefined ? '' : `, committed by ${person(committedBy)}`}`,
    `commit ${commit}`,
    ...(reverts ?? []).map((hash) => `takes back ${hash}`),
    ...(decision === undefined
      ? []
      : [`decision ${decision}${iteration === undefined ? '' : `, iteration ${iteration}`}`]),
    ...(evidence === undefined ? [] : [`evidence ${evidence}, ${kept ? 'in' : 'not in'} ledger.jsonl as it stands`]),
  ];
  return rows.flatMap((row) =>
    wrapText(row, view.columns - margin.length).map((text): Line => [{ text: margin + text, style: 'dim' }]),
  );
}
