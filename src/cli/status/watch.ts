import { isSluiceError } from '../../errors.js';
import type { Line } from '../demo/text.js';
import type { Io } from '../io.js';
import { isColourful } from '../judge/report.js';
import { describeError } from '../report-error.js';
import { openWorkspace } from '../workspace.js';
import { type Changes, lookForChanges } from './changes.js';
import { clipLine, printed } from './columns.js';
import { detailLines } from './detail.js';
import { statusLines } from './lines.js';
import type { Snapshot } from './snapshot.js';
import { statusTable } from './table.js';
import { type StatusQuestion, takeSnapshot } from './take-snapshot.js';
import { openTerminal, type Terminal, untilInterrupted } from './terminal.js';
import { columnsFor } from './view.js';

/** How often is looked, in milliseconds. */
export interface Pace {
  /** Between two looks at the clock. */
  readonly tick: number;
  /** From a change until it is read: a commit writes several files. */
  readonly settle: number;
  /** At least between two questions to the metrics source. */
  readonly ask: number;
}

const usualPace: Pace = { tick: 1000, settle: 150, ask: 15_000 };

/** Shows the status again whenever it changes, until Ctrl-C; at a terminal in place. */
export async function watchStatus(
  question: StatusQuestion,
  io: Io,
  { pace = usualPace, stopped = untilInterrupted() }: { pace?: Pace; stopped?: Promise<number> } = {},
): Promise<number> {
  const { project } = openWorkspace(io.cwd);
  // What is wrong from the start, such as a name that no release has, ends it at once.
  let snapshot: Snapshot | Error = await takeSnapshot(question, io);
  let asked = performance.now();
  const live = io.stdout.isTTY === true && process.env.TERM !== 'dumb';
  const terminal = live ? openTerminal(io.stdout) : undefined;
  const show = terminal === undefined ? appending(io) : painting(io, terminal);
  let wake = () => {};
  const changes = lookForChanges({ root: io.cwd, releases: project.releases }, () => setTimeout(wake, pace.settle));
  let code: number | undefined;
  void stopped.then((given) => {
    code = given;
    wake();
  });
  try {
    changes.pending();
    while (code === undefined) {
      show(snapshot);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pace.tick);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      const isDue = question.isLive && performance.now() - asked >= pace.ask;
      if (code !== undefined || !(changes.pending() || isDue || isTimeToLook(snapshot, io.now()))) continue;
      if (question.isLive) asked = performance.now();
      snapshot = await takeSnapshot(question, io).catch(told);
    }
    return code;
  } finally {
    close(changes, terminal);
    if (terminal !== undefined && !(snapshot instanceof Error)) {
      io.stdout.write(printed(statusLines(snapshot, viewOf(io)), isColourful(io.stdout, process.env)));
    }
  }
}

function close(changes: Changes, terminal: Terminal | undefined): void {
  changes.close();
  terminal?.restore();
}

/** Someone is in the middle of an edit: that is shown, and looked at again. */
function told(error: unknown): Error {
  if (isSluiceError(error)) return error;
  throw error;
}

/** The time of the next look moves on without any file having changed. */
function isTimeToLook(snapshot: Snapshot | Error, now: number): boolean {
  if (snapshot instanceof Error) return true;
  return snapshot.rows.some(({ next }) => next.at !== undefined && Date.parse(next.at) / 1000 <= now);
}

function viewOf({ stdout, now }: Io) {
  return { columns: columnsFor(stdout), now: now() };
}

type Show = (snapshot: Snapshot | Error) => void;

/** Prints a table below the last one where what it says is new; the clock alone is no news. */
function appending(io: Io): Show {
  let last = '';
  return (snapshot) => {
    const news =
      snapshot instanceof Error
        ? snapshot.message
        : JSON.stringify(snapshot.rows.map(({ next, ...row }) => [row, next.kind]));
    if (news === last) return;
    last = news;
    const time = new Date(io.now() * 1000).toISOString().slice(0, 19);
    const lines = snapshot instanceof Error ? [] : statusLines(snapshot, viewOf(io));
    const text = snapshot instanceof Error ? describeError(snapshot) : printed(lines, false);
    io.stdout.write(`${time}Z\n${text}\n`);
  };
}

/** Paints over what is there, cut to the rows of the terminal. */
function painting(io: Io, terminal: Terminal): Show {
  return (snapshot) => {
    const view = viewOf(io);
    const rows = 'rows' in io.stdout ? Number(io.stdout.rows) || usualRows : usualRows;
    const colour = isColourful(io.stdout, process.env);
    const lines = snapshot instanceof Error ? errorLines(snapshot) : screenLines(snapshot, { ...view, rows: rows - 2 });
    const footer: Line = [
      { text: `${new Date(view.now * 1000).toISOString().slice(11, 19)}Z  Ctrl-C ends`, style: 'dim' },
    ];
    const fitting = [...lines.slice(0, rows - 2), [], footer].map((line) => clipLine(line, view.columns));
    terminal.paint(printed(fitting, colour).replace(/\n$/, '').split('\n'));
  };
}

const usualRows = 24;

function errorLines(error: Error): Line[] {
  return describeError(error)
    .split('\n')
    .map((text) => [{ text, style: 'red' }]);
}

const underway = new Set(['Progressing', 'Promoting', 'Inconclusive', 'Paused', 'Broken']);

/** Those that are under way come first, and their evidence below the table as far as there are rows. */
function screenLines(snapshot: Snapshot, view: { columns: number; now: number; rows: number }): Line[] {
  const { rows: releases } = snapshot;
  const sorted = releases.toSorted((a, b) => Number(underway.has(b.phase)) - Number(underway.has(a.phase)));
  const table = statusTable(sorted, view);
  const failures = snapshot.failures.map(({ release, error }): Line => {
    return [{ text: `${release}: ${error.message}`, style: 'red' }];
  });
  const most = Math.max(2, view.rows - failures.length - 1);
  const shown = table.length <= most ? table : [...table.slice(0, most - 1), more(table.length - most + 1)];
  const lines = [...shown, ...failures];
  for (const row of sorted.filter(({ phase }) => releases.length === 1 || underway.has(phase))) {
    const detail = detailLines(row, { evidence: snapshot.evidence(row), view });
    if (lines.length + 1 + detail.length > view.rows) break;
    lines.push([], ...detail);
  }
  return lines;
}

function more(lines: number): Line {
  return [{ text: `… ${lines} more; sluice status lists them all`, style: 'dim' }];
}
