import type { LedgerRow } from '../../release/evaluation.js';
import type { JudgeInput } from '../../release/judge.js';

/** The newest look of a judge that looks at every so many windows. */
export interface KayentaLook {
  /** The windows that it rests on, oldest first; none before the first look. */
  readonly rows: readonly LedgerRow[];
  /** Windows since then. */
  readonly after: number;
  /** Windows in all after which the next one is. */
  readonly next: number;
  /** Whether the time of the analysis was up then. */
  readonly isLast: boolean;
}

/**
 * Returns the newest look: after every so many windows since the analysis began, and once more where its time is up, so
 * that what is left of it is judged. After that it counts anew.
 *
 * How far a look goes back is `lookback`; without one to the look before, the last one as far as half a look at least:
 * ranks of a handful tell little, and of one point against one as much as a coin.
 *
 * @param rows those that tell of both sides, oldest first
 */
export function lookAt(
  rows: readonly LedgerRow[],
  windows: number,
  { ledger: { interval }, lookback, due }: Pick<JudgeInput, 'ledger' | 'lookback' | 'due'>,
): KayentaLook {
  const inTime = due === undefined ? rows.length : rows.findLastIndex(({ end }) => end <= due) + 1;
  const late = rows.length - inTime;
  const isLast = due !== undefined && late < windows;
  const end = isLast ? inTime : rows.length - ((due === undefined ? rows.length : late) % windows);
  const newest = rows[end - 1];
  const since = (newest?.end ?? 0) - (typeof lookback === 'number' ? lookback : 0);
  const rest = isLast ? Math.max(end % windows || windows, leastOf(windows)) : windows;
  const looked = rows.slice(lookback === undefined ? Math.max(0, end - rest) : 0, end);
  return {
    rows: typeof lookback === 'number' ? looked.filter((row) => row.end - interval >= since) : looked,
    after: rows.length - end,
    next: end + windows,
    isLast,
  };
}

/** Returns the windows that the last look takes at least. */
export function leastOf(windows: number): number {
  return Math.ceil(windows / 2);
}
