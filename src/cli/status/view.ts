import type { Io } from '../io.js';

/** Columns where a terminal does not say. */
const usualColumns = 80;

/** Returns how many columns there are to write on; Infinity where it is no terminal. */
export function columnsFor(stdout: Io['stdout']): number {
  return stdout.isTTY === true ? stdout.columns || usualColumns : Number.POSITIVE_INFINITY;
}
