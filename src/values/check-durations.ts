import type { Contradiction } from '../release/contradiction.js';
import { seconds } from './duration.js';
import { DEFAULT_MAX_DURATION } from './resolve-evaluation.js';
import type { Values } from './values.js';

/** Returns the written durations that are longer than the analysis may take. */
export function checkDurations({ analysis, rollout }: Values): Contradiction[] {
  if (analysis === undefined) return [];
  const { interval, minDuration, maxDuration = DEFAULT_MAX_DURATION } = analysis;
  const written = [
    { path: ['analysis', 'interval'], duration: interval },
    { path: ['analysis', 'minDuration'], duration: minDuration },
    ...(rollout?.steps ?? []).map((step, position) => ({
      path: ['rollout', 'steps', position, 'duration'],
      duration: typeof step === 'number' ? undefined : step.duration,
    })),
  ];
  return written.flatMap(({ path, duration }): Contradiction[] => {
    if (duration === undefined || seconds(duration) <= seconds(maxDuration)) return [];
    const message = `is ${duration}, above maxDuration, which is ${maxDuration}`;
    return [{ path, message, hint: 'Write less, or a longer analysis.maxDuration.' }];
  });
}
