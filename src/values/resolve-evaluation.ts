import type { Analysis } from '../release/evaluation.js';
import type { Budget, Rollout, Step } from '../release/policy.js';
import { seconds } from './duration.js';
import { metricNamed } from './metric-names.js';
import { scheduleOf } from './schedule.js';
import type { Values } from './values.js';

const DEFAULT_MIN_REQUESTS = 100;
/** So that faults that take their time are seen while most requests still go to the primary. */
const DEFAULT_MIN_DURATION = 3600;
/** As one would write it. */
export const DEFAULT_MAX_DURATION = '3h';
/** The judge where none is named. */
export const DEFAULT_JUDGE = 'sequential';
const DEFAULT_POLICY = 'risk-budget';

type Written<Key extends 'analysis' | 'rollout'> = NonNullable<Values[Key]>;

/** Returns how a release is judged, every default filled in. Fixed steps are a duration of their own. */
export function resolveAnalysis(analysis: Written<'analysis'>, policy: string | undefined): Analysis {
  const { use: _, interval, warmUp, minDuration, maxDuration, maxIterations, lookback, ...others } = analysis;
  const { objectives, rewards = [], indicators, ...rest } = others;
  const { judge = DEFAULT_JUDGE, baseline, minRequests = DEFAULT_MIN_REQUESTS, ...settings } = rest;
  const longest = longestOf({ interval, maxDuration, maxIterations });
  const least = policy === 'steps' ? 0 : Math.min(DEFAULT_MIN_DURATION, longest);
  return {
    interval: seconds(interval),
    minDuration: minDuration === undefined ? least : seconds(minDuration),
    maxDuration: longest,
    judge,
    // Left out where nothing is said, so that ledgers of before it was known say the same.
    ...(baseline !== undefined && { baseline }),
    ...(warmUp !== undefined && seconds(warmUp) > 0 && { warmUp: seconds(warmUp) }),
    ...(lookback !== undefined && { lookback: lookback === 'growing' ? 'growing' : seconds(lookback) }),
    objectives: objectives.map((objective) => ({ ...objective, metric: metricNamed(objective.metric) })),
    rewards: rewards.map((reward) => ({ ...reward, metric: metricNamed(reward.metric) })),
    ...(indicators !== undefined && { indicators: [...new Set(indicators.map(metricNamed))] }),
    minRequests,
    settings,
  };
}

/** Returns the seconds that an analysis may take. */
export function longestOf({
  interval,
  maxDuration = DEFAULT_MAX_DURATION,
  maxIterations,
}: Pick<Written<'analysis'>, 'interval' | 'maxDuration' | 'maxIterations'>): number {
  return maxIterations === undefined ? seconds(maxDuration) : maxIterations * seconds(interval);
}

/** Returns how a release moves, every default filled in. */
export function resolveRollout(written: Written<'rollout'>): Rollout {
  const { steps = [], rollbackWindow, onNoData, onMetricsDown, schedule, ...rest } = written;
  return {
    policy: DEFAULT_POLICY,
    onTermination: 'to-winner',
    onInconclusive: 'hold',
    ...rest,
    ...(rollbackWindow !== undefined && { rollbackWindow: seconds(rollbackWindow) }),
    ...(onNoData !== undefined && { onNoData: resolveBudget(onNoData) }),
    ...(onMetricsDown !== undefined && { onMetricsDown: resolveBudget(onMetricsDown) }),
    ...(schedule !== undefined && { schedule: scheduleOf(schedule) }),
    steps: steps.map(resolveStep),
  };
}

function resolveBudget({ hold, then }: NonNullable<Written<'rollout'>['onNoData']>): Budget {
  return { hold: seconds(hold), then };
}

function resolveStep(step: NonNullable<Written<'rollout'>['steps']>[number]): Step {
  if (typeof step === 'number') return { share: step, duration: 0, pause: false };
  const { weight, duration, pause = false } = step;
  return { share: weight, duration: duration === undefined ? 0 : seconds(duration), pause };
}
