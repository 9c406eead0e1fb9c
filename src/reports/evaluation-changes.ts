import type { Analysis, Objective } from '../release/evaluation.js';
import type { Rollout, Step } from '../release/policy.js';
import type { ResolvedRelease } from '../values/resolve.js';
import type { Change } from './change.js';
import { leafChanges } from './leaf-changes.js';
import { duration, shown } from './words.js';

type Evaluated = Pick<ResolvedRelease, 'analysis' | 'rollout'>;

/** Returns what changes in how a candidate is judged and moved on; no object follows from it. */
export function evaluationChanges(before: Evaluated, after: Evaluated): Change[] {
  const { analysis: from, rollout: old } = before;
  const { analysis: to, rollout: now } = after;
  // A rollout has defaults as soon as there is an analysis: the two come and go together.
  if (from === undefined && to !== undefined && old === undefined) return [added(to, now)];
  const gone = from !== undefined && to === undefined && now === undefined;
  return [...analysisChanges(from, to), ...(gone ? [] : rolloutChanges(old, now))];
}

function added({ judge }: Analysis, rollout: Rollout | undefined): Change {
  const policy = rollout === undefined ? '' : `, policy ${shown(rollout.policy)}`;
  return { kind: 'analysis', risk: 'low', text: `analysis added: judge ${shown(judge)}${policy}` };
}

function analysisChanges(from: Analysis | undefined, to: Analysis | undefined): Change[] {
  const change = (text: string): Change => ({ kind: 'analysis', risk: 'low', text });
  if (from === undefined && to !== undefined) return [change(`analysis added: judge ${shown(to.judge)}`)];
  if (from !== undefined && to === undefined) return [change('analysis removed: sluice evaluate decides nothing here')];
  return leafChanges(from && analysisWords(from), to && analysisWords(to), 'analysis').map(change);
}

function analysisWords({ objectives, rewards, settings, ...rest }: Analysis) {
  const { interval, warmUp = 0, minDuration, maxDuration, lookback, ...others } = rest;
  return {
    ...others,
    ...settings,
    interval: duration(interval),
    ...(warmUp > 0 && { warmUp: duration(warmUp) }),
    ...(lookback !== undefined && { lookback: lookback === 'growing' ? lookback : duration(lookback) }),
    minDuration: duration(minDuration),
    maxDuration: duration(maxDuration),
    objectives: objectives.map(named),
    // The first one counts most.
    rewards: rewards.map(({ metric, preferredDirection }) => `${metric} ${preferredDirection}`),
  };
}

function named({ metric, ...limits }: Objective) {
  return { name: metric, ...limits };
}

function rolloutChanges(from: Rollout | undefined, to: Rollout | undefined): Change[] {
  const change = (text: string): Change => ({ kind: 'rollout', risk: 'low', text });
  if (from === undefined && to !== undefined) return [change(`rollout added: policy ${shown(to.policy)}`)];
  if (from !== undefined && to === undefined) return [change('rollout removed')];
  return leafChanges(from && rolloutWords(from), to && rolloutWords(to), 'rollout').map(change);
}

function rolloutWords({ steps, ...rest }: Rollout) {
  return { ...rest, steps: steps.map(stepWords) };
}

function stepWords({ share, duration: least, pause }: Step): string {
  return `${share} %${least > 0 ? ` for ${duration(least)}` : ''}${pause ? ', pause' : ''}`;
}
