import { ConfigError } from '../../errors.js';
import type { ReleaseEntry } from '../workspace.js';

/** When passes begin. */
export interface Timing {
  /** Seconds from one to the next. */
  readonly interval: number;
  /** Seconds after the end of a window until it counts as complete. */
  readonly delay: number;
}

/** Seconds between passes while no release is analysed. */
export const usualInterval = 60;

/** Returns the shortest interval of the analyses in seconds: whoever has a longer one finds a window in some passes only. */
export function shortestInterval(entries: readonly Pick<ReleaseEntry, 'loaded'>[]): number {
  const intervals = entries.flatMap(({ loaded }) => {
    const interval = loaded instanceof ConfigError ? undefined : loaded.release.analysis?.interval;
    return interval === undefined ? [] : [interval];
  });
  return intervals.length === 0 ? usualInterval : intervals.reduce((a, b) => Math.min(a, b));
}

/**
 * Returns when the next pass is due after a moment: `delay` after the end of a window, so that each finds a window that
 * has just become complete. Windows end on multiples of the interval. All in Unix seconds.
 */
export function dueAfter(time: number, { interval, delay }: Timing): number {
  return (Math.floor((time - delay) / interval) + 1) * interval + delay;
}
