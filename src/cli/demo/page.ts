import type { Sample } from '../../release/evaluation.js';
import { type Happening, type Row, type Scene, timeOfDay, withTimesOfDay } from './scene.js';
import { clip, justify, type Line, type Span, type Style, wrap } from './text.js';

const margin: Span = { text: '  ' };
const gap = '  ';
/** Columns of a row beside the name of the version and its bar, margin and gaps included. */
const otherColumns = 55;
const widestBar = 24;
const narrowestBar = 6;

/** The colour of a line that tells of something. */
export const styles: { readonly [K in Happening['kind']]: Style } = {
  advance: 'cyan',
  hold: 'dim',
  promote: 'green',
  'roll back': 'red',
  'by hand': 'bold',
};

/** Returns a moment of the demo in lines of at most `columns` columns: the versions, then what was decided and why. */
export function pageOf({ title, now, rows, happenings }: Scene, columns: number): Line[] {
  const clock: Line = [{ text: timeOfDay(now), style: 'dim' }];
  return [
    justify([{ text: title, style: 'bold' }], clock, columns),
    [],
    ...tableOf(rows, columns),
    [],
    ...newsOf(happenings, columns),
  ].map((line) => clip(line, columns));
}

interface Widths {
  readonly name: number;
  /** 0 where there is no room for one. */
  readonly bar: number;
}

function tableOf(rows: readonly Row[], columns: number): Line[] {
  const name = Math.max('version'.length, ...rows.map((row) => row.name.length));
  const room = Math.min(columns - name - otherColumns, widestBar);
  const widths = { name, bar: room < narrowestBar ? 0 : room };
  const traffic = 'traffic'.padEnd(widths.bar + 'traffic'.length);
  const head = ['version'.padEnd(name), traffic, 'requests', ' errors', ' latency'].join(gap);
  return [[margin, { text: head, style: 'dim' }], ...rows.map((row) => rowOf(row, widths))];
}

function rowOf({ name, role, share, traffic, failing }: Row, widths: Widths): Line {
  const resting = traffic === undefined && share === 0;
  return [
    margin,
    { text: name.padEnd(widths.name + gap.length), ...(resting && { style: 'dim' }) },
    ...barOf(share, widths.bar),
    { text: `${share} %`.padStart('traffic'.length) + gap, ...(resting && { style: 'dim' }) },
    { text: (traffic?.requests.toLocaleString('en') ?? '–').padStart(8) + gap, ...(!traffic && { style: 'dim' }) },
    { text: percentOf(traffic).padStart(7) + gap, style: failing ? 'red' : 'dim' },
    { text: latencyOf(traffic).padStart(8) + gap, style: 'dim' },
    { text: role, style: roleStyles[role] },
  ];
}

const roleStyles: { readonly [R in Row['role']]: Style } = {
  primary: 'bold',
  candidate: 'cyan',
  promoted: 'green',
  replaced: 'dim',
  'rolled back': 'red',
  terminated: 'red',
  lost: 'dim',
};

/** Whoever gets traffic at all has at least one cell, and nobody but the only one has them all. */
function barOf(share: number, columns: number): Line {
  if (columns === 0) return [];
  const rounded = Math.round((share * columns) / 100);
  const filled = share === 0 || share === 100 ? rounded : Math.min(Math.max(rounded, 1), columns - 1);
  return [
    { text: '━'.repeat(filled), style: 'cyan' },
    { text: '─'.repeat(columns - filled), style: 'dim' },
  ];
}

function percentOf(traffic: Sample | undefined): string {
  return traffic === undefined ? '–' : `${((100 * traffic.errors) / traffic.requests).toFixed(1)} %`;
}

function latencyOf(traffic: Sample | undefined): string {
  return traffic === undefined ? '–' : `${(traffic.latencySum / traffic.requests).toFixed(0)} ms`;
}

/** One line for every commit and for a hold that lasts, and the reason of the newest commit that has one. */
function newsOf(happenings: readonly Happening[], columns: number): Line[] {
  const newest = happenings.at(-1);
  const told = happenings.filter((happening) => happening.commit !== undefined || happening === newest);
  const explained = told.findLast(({ reason, commit }) => reason !== undefined && commit !== undefined);
  return told.flatMap((happening) => {
    const lines = [newsLine(happening, columns)];
    return happening === explained ? [...lines, ...reasonOf(happening, columns)] : lines;
  });
}

function newsLine({ at, kind, summary, reason = '', commit }: Happening, columns: number): Line {
  const time: Line = [margin, { text: timeOfDay(at) + gap, style: 'dim' }];
  if (commit === undefined) return [...time, { text: `${summary}: ${withTimesOfDay(reason)}`, style: styles[kind] }];
  return justify(
    [...time, { text: summary, style: styles[kind] }],
    [{ text: shortId(commit), style: 'yellow' }],
    columns,
  );
}

function reasonOf({ reason = '' }: Happening, columns: number): Line[] {
  const indent = margin.text + ' '.repeat(timeOfDay(0).length) + gap;
  return wrap(withTimesOfDay(reason), columns - indent.length).map((text) => [{ text: indent + text, style: 'dim' }]);
}

/** Returns as much of a commit's id as a person needs. */
export function shortId(commit: string): string {
  return commit.slice(0, 7);
}
