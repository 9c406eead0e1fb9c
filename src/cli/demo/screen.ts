import type { Io } from '../io.js';
import { unguarded } from '../visible.js';
import { clip, type Line, paint } from './text.js';

/** Where the demo is shown. */
export interface Screen {
  /** Whether it is a terminal on which a page can be painted over. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Infinity where nothing limits it. */
  readonly columns: number;
  write(text: string): void;
  /** Writes a line of its own, cut to the columns that there are. */
  print(line: Line): void;
}

/** Columns where a terminal does not say, and more than which no line needs. */
const usualColumns = 80;
const mostColumns = 96;
/** A page of the demo and the line below it; a page that has scrolled away cannot be painted over. */
const fewestRows = 18;

/** Returns what can be done with `stdout`; see no-color.org for what `NO_COLOR` asks. */
export function screenOf(stdout: Io['stdout'], env: NodeJS.ProcessEnv): Screen {
  const rows = 'rows' in stdout ? Number(stdout.rows) || fewestRows : fewestRows;
  const live = stdout.isTTY === true && env.TERM !== 'dumb' && rows >= fewestRows;
  const colour = live && (env.NO_COLOR ?? '') === '';
  const columns = live ? Math.min(stdout.columns || usualColumns, mostColumns) : Number.POSITIVE_INFINITY;
  const write = (text: string) => {
    unguarded(stdout).write(text);
  };
  return { live, colour, columns, write, print: (line) => write(`${paint(clip(line, columns), colour)}\n`) };
}
