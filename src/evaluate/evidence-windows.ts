import { type JudgeId, judges } from '../judges/registry.js';
import type { Analysis } from '../release/evaluation.js';
import type { Judge } from '../release/judge.js';
import type { Clock } from './changes.js';
import { type Windows, windowsSince } from './ledger.js';

/** What the windows of an analysis follow from; Unix seconds. */
export interface Beginnings {
  /** When the first candidate entered, its warm-up included. */
  readonly begin: number;
  /** Since when the shares are what they are. */
  readonly since: number;
}

/** Returns the windows that a verdict rests on; undefined where none has ended. */
export function evidenceWindows(
  analysis: Pick<Analysis, 'interval' | 'judge' | 'warmUp' | 'lookback'>,
  { begin, since }: Beginnings,
  { now, delay }: Clock,
): Windows | undefined {
  const { interval, warmUp = 0, lookback } = analysis;
  const judge: Judge = judges[analysis.judge as JudgeId];
  const atShare = warmUp === 0 ? since : Math.max(since, begin);
  const windows = windowsSince(judge.windows === 'analysis' ? begin : atShare, { interval, now, delay });
  if (windows === undefined || judge.lookback !== 'last' || typeof lookback !== 'number') return windows;
  return { ...windows, firstEnd: Math.max(windows.firstEnd, windows.lastEnd - lookback + interval) };
}
