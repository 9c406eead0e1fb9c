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

type Asked = Pick<Analysis, 'interval' | 'judge' | 'warmUp' | 'lookback'> & Partial<Pick<Analysis, 'settings'>>;

/** Returns the windows that a verdict rests on; undefined where none has ended. */
export function evidenceWindows(
  analysis: Asked,
  { begin, since }: Beginnings,
  { now, delay }: Clock,
): Windows | undefined {
  const { interval, warmUp = 0, lookback, settings = {} } = analysis;
  const judge: Judge = judges[analysis.judge as JudgeId];
  const atShare = warmUp === 0 ? since : Math.max(since, begin);
  const start = judge.windows === 'analysis' ? begin : atShare;
  const windows = inStep(windowsSince(start, { interval, now, delay }), start, judge.looksEvery?.(settings) ?? 1);
  if (windows === undefined || judge.lookback !== 'last' || typeof lookback !== 'number') return windows;
  return { ...windows, firstEnd: Math.max(windows.firstEnd, windows.lastEnd - lookback + interval) };
}

/** Returns the windows without so many of the first ones that whole looks are left out; all where that would be none. */
function inStep(windows: Windows | undefined, start: number, every: number): Windows | undefined {
  if (windows === undefined) return undefined;
  const { interval, firstEnd, lastEnd } = windows;
  const first = (Math.ceil(start / interval) + 1) * interval;
  const leftOut = Math.ceil((firstEnd - first) / interval / every) * every;
  const next = first + leftOut * interval;
  return next > lastEnd ? windows : { ...windows, firstEnd: next };
}
