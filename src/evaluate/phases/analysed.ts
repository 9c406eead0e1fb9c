import type { Analysis } from '../../release/evaluation.js';

/** Returns when the analysis of a candidate begins that entered at a time: what it does while it warms up is no evidence. */
export function beginOf(startedAt: number, { warmUp = 0 }: Pick<Analysis, 'warmUp'>): number {
  return startedAt + warmUp;
}

/** Returns when the time of an analysis is up that begins then; a `minDuration` above `maxDuration` is meant. */
export function dueAt(
  begin: number,
  { minDuration, maxDuration }: Pick<Analysis, 'minDuration' | 'maxDuration'>,
): number {
  return begin + Math.max(minDuration, maxDuration);
}
