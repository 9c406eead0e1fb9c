import { count, show } from '../../judges/words.js';
import type { LedgerRow } from '../../release/evaluation.js';
import { isoTime } from '../../release/iso-time.js';
import type { Line, Style } from '../demo/text.js';
import { verdictStyle } from '../history-report.js';
import { ageOf } from './age.js';
import { type Cell, clipLine, tableLines, wrapText } from './columns.js';
import { type CandidateEvidence, sumOf } from './evidence.js';
import { indicatorLines, objectiveLines, wholeSentences } from './objectives.js';
import type { ReleaseRow, VersionRow } from './row.js';
import { spark } from './spark.js';
import type { TableView } from './table.js';

/** A version with what was counted of it. */
export interface VersionDetail extends VersionRow {
  /** The percents that it had, oldest first. */
  readonly shares: readonly number[];
  readonly requests: number;
  readonly errorRate?: number;
  /** Milliseconds. */
  readonly latencyMean?: number;
  /** Per window, oldest first; `null` where it has no sample. */
  readonly errorRates: readonly (number | null)[];
}

/** Returns the versions of a release that takes part in an analysis, with the evidence on them. */
export function versionDetails(row: ReleaseRow, evidence: CandidateEvidence): VersionDetail[] {
  return row.versions.map((version) => {
    const { requests, errors, latencySum, errorRates } = sumOf(evidence.windows, version.version);
    return {
      ...version,
      ...{ shares: sharesOf(version, row, evidence), requests },
      ...(requests > 0 && { errorRate: errors / requests, latencyMean: latencySum / requests }),
      errorRates: errorRates.map((rate) => rate ?? null),
    };
  });
}

/** The primary has what the candidate leaves, where the two divide the requests; a fresh baseline has as much as the candidate. */
function sharesOf(
  { version, role }: VersionRow,
  { moves }: ReleaseRow,
  { candidate, baseline, shares }: CandidateEvidence,
): readonly number[] {
  if (version === candidate) return shares;
  if (moves !== 'shares') return [];
  if (version === baseline) return role === 'baseline' ? shares : shares.map((share) => 100 - share);
  return role === 'primary' && baseline !== undefined ? shares.map((share) => 100 - 2 * share) : [];
}

const indent = '  ';
const widestSpark = 24;
const head = ['version', 'role', 'share', 'shares', 'requests', 'errors', 'errors per window', 'latency'] as const;

/** Returns the evidence on a release so far: its versions, what the judge says, and what comes next. */
export function detailLines(
  row: ReleaseRow,
  { evidence, view }: { readonly evidence: CandidateEvidence; readonly view: TableView },
): Line[] {
  const { columns, now } = view;
  const { release, phase, since, verdict, message, next, error } = row;
  const age = ageOf(since, now);
  const title: Line = [
    { text: release, style: 'bold' },
    { text: `  ${phase}${age === '' ? '' : ` for ${age}`}`, style: 'dim' },
  ];
  const texts: readonly Cell[] = [
    ...(error === undefined ? [] : [{ text: error, style: 'red' } as const]),
    ...(message === undefined
      ? []
      : [{ text: verdict === undefined ? message : `${verdict}: ${message}`, style: verdictStyle(verdict) }]),
    ...wholeSentences(row).map((text) => ({ text })),
    { text: `next: ${next.text}`, style: 'dim' },
  ];
  const said = texts.flatMap(({ text, style }) =>
    wrapText(text, Math.max(1, columns - indent.length)).map(
      (line): Line => [{ text: indent }, { text: line, ...(style !== undefined && { style }) }],
    ),
  );
  const found = objectiveLines(row.versions, columns, indent.length);
  const shown = indicatorLines(row.versions, columns, indent.length);
  return [
    title,
    ...versionTable(row, evidence, columns),
    ...found,
    ...shown,
    ...windowsLine(evidence.windows),
    ...said,
  ].map((line) => clipLine(line, columns));
}

function versionTable(row: ReleaseRow, evidence: CandidateEvidence, columns: number): Line[] {
  const details = versionDetails(row, evidence);
  if (details.length === 0) return [];
  const top = Math.max(0, ...details.flatMap(({ errorRates }) => errorRates.map((rate) => rate ?? 0)));
  const scale = top > 0 ? `errors per window (█ ${show('error-rate', top)})` : 'errors per window';
  const titles = head.map((text): Cell => ({ text: text === 'errors per window' ? scale : text, style: 'dim' }));
  const full = [titles, ...details.map((detail) => detailCells(detail, top))];
  const options = { columns, indent: indent.length, flexible: [[0, 8]] as const };
  // Where there is no room, the lines of bars go first, then what is a figure of less weight.
  const choices = [
    [0, 1, 2, 3, 4, 5, 6, 7],
    [0, 1, 2, 4, 5, 6],
    [0, 2, 4, 5, 6],
    [0, 2, 4, 5],
    [0, 2],
  ];
  for (const kept of choices) {
    const lines = tableLines(
      full.map((cells) => kept.flatMap((i) => cells[i] ?? [])),
      options,
    );
    if (lines !== undefined) return lines;
  }
  return [];
}

function detailCells(detail: VersionDetail, top: number): Cell[] {
  const { version, role, share, shares, requests, errorRate, latencyMean, errorRates } = detail;
  return [
    { text: version },
    { text: role, style: roleStyle(role) },
    { text: `${share} %` },
    { text: spark(shares, 100, widestSpark), style: 'cyan' },
    { text: requests === 0 ? '–' : count(requests) },
    { text: show('error-rate', errorRate).replace(/^-$/, '–') },
    {
      text:
        requests === 0
          ? ''
          : spark(
              errorRates.map((rate) => rate ?? undefined),
              top,
              widestSpark,
            ),
      style: 'red',
    },
    { text: show('latency-mean', latencyMean).replace(/^-$/, '–') },
  ];
}

function roleStyle(role: VersionRow['role']): Style | undefined {
  if (role === 'rolled back') return 'red';
  return role === 'primary' || role === 'candidate' ? undefined : 'dim';
}

function windowsLine(windows: readonly LedgerRow[]): Line[] {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const text = `${windows.length} ${windows.length === 1 ? 'window' : 'windows'} until ${isoTime(last.end)}`;
  return [[{ text: indent + text, style: 'dim' }]];
}
