import type { Analysis } from '../release/evaluation.js';
import type { Rollout, Step } from '../release/policy.js';
import { seconds } from './duration.js';
import type { Values } from './values.js';

const DEFAULT_MIN_REQUESTS = 100;
const DEFAULT_MIN_DURATION = 900;
/** As one would write it. */
export const DEFAULT_MAX_DURATION = '1h';
const DEFAULT_JUDGE = 'sequential';
const DEFAULT_POLICY = 'risk-budget';

type Written<Key extends 'analysis' | 'rollout'> = NonNullable<Values[Key]>;

/** Returns how a release is judged, every default filled in. Fixed steps are a duration of their own. */
export function resolveAnalysis(analysis: Written<'analysis'>, policy: string | undefined): Analysis {
  const { interval, minDuration, maxDuration = DEFAULT_MAX_DURATION, objectives, rewards = [], ...rest } = analysis;
  const { judge = DEFAULT_JUDGE, minRequests = DEFAULT_MIN_REQUESTS, ...settings } = rest;
  const least = policy === 'steps' ? 0 : DEFAULT_MIN_DURATION;
  return {
    interval: seconds(interval),
    minDuration: minDuration === undefined ? least : seconds(minDuration),
    maxDuration: seconds(maxDuration),
    judge,
    objectives,
    rewards,
    minRequests,
    settings,
  };
}

/** Returns how a release moves, every default filled in. */
export function resolveRollout({ steps = [], ...rest }: Written<'rollout'>): Rollout {
  return {
    policy: DEFAULT_POLICY,
    onTermination: 'to-winner',
    onInconclusive: 'hold',
    ...rest,
    steps: steps.map(resolveStep),
  };
}

function resolveStep(step: NonNullable<Written<'rollout'>['steps']>[number]): Step {
  if (typeof step === 'number') return { share: step, duration: 0, pause: false };
  const { weight, duration, pause = false } = step;
  return { share: weight, duration: duration === undefined ? 0 : seconds(duration), pause };
}
