import type { Contradiction } from '../release/contradiction.js';
import { seconds } from './duration.js';
import { DEFAULT_MAX_DURATION, longestOf } from './resolve-evaluation.js';
import type { Values } from './values.js';

/** Returns the written durations that are longer than the analysis may take. */
export function checkDurations({ analysis, rollout }: Values): Contradiction[] {
  if (analysis === undefined) return [];
  const { interval, minDuration, maxDuration, maxIterations, lookback } = analysis;
  if (maxDuration !== undefined && maxIterations !== undefined) {
    const message = `is ${maxIterations}, beside maxDuration, which is ${maxDuration}`;
    const hint = 'They say the same in two ways: take one of them out.';
    return [{ path: ['analysis', 'maxIterations'], message, hint }];
  }
  const most =
    maxIterations === undefined
      ? { key: 'maxDuration', value: maxDuration ?? DEFAULT_MAX_DURATION }
      : { key: 'maxIterations', value: `${maxIterations} × ${interval}` };
  const written = [
    { path: ['analysis', 'interval'], duration: interval },
    { path: ['analysis', 'minDuration'], duration: minDuration },
    { path: ['analysis', 'lookback'], duration: lookback === 'growing' ? undefined : lookback },
    { path: ['rollout', 'onNoData', 'hold'], duration: rollout?.onNoData?.hold },
    ...(rollout?.steps ?? []).map((step, position) => ({
      path: ['rollout', 'steps', position, 'duration'],
      duration: typeof step === 'number' ? undefined : step.duration,
    })),
  ];
  return written.flatMap(({ path, duration }): Contradiction[] => {
    if (duration === undefined || seconds(duration) <= longestOf(analysis)) return [];
    const message = `is ${duration}, above ${most.key}, which is ${most.value}`;
    return [{ path, message, hint: `Write less, or a longer analysis.${most.key}.` }];
  });
}
