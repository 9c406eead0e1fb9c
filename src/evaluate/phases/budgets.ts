import { isoTime } from '../../release/iso-time.js';
import type { Budget } from '../../release/policy.js';
import type { Seen } from './scene.js';
import type { Watched } from './stand.js';
import type { Step } from './state.js';
import { listed } from './step-parts.js';
import { hold, noted, takeOut } from './steps.js';

/** What becomes of candidates that nothing is known of for longer than `onNoData` holds; undefined before that. */
export function unheard(seen: Seen): Step | undefined {
  const { scene, stand, look } = seen;
  const { onNoData } = scene.rollout;
  const silence = look.evidence?.silence;
  if (onNoData === undefined || silence === undefined || look.now - silence.since < onNoData.hold) return undefined;
  const about = stand.progressing.filter(({ name }) => silence.of.includes(name));
  if (about.length === 0) return undefined;
  const reason = `no data on ${listed(about)} since ${isoTime(silence.since)}`;
  return spent(seen, about, { budget: onNoData, key: 'onNoData', reason });
}

/** What becomes of candidates while nothing can be measured; undefined where no budget is given for that. */
export function unmeasured(seen: Seen, down: string): Step | undefined {
  const { scene, state, stand, look, ground } = seen;
  const { onMetricsDown } = scene.rollout;
  const { phase, paused, since, downSince } = state;
  if (onMetricsDown === undefined) return undefined;
  if (downSince === undefined) {
    const reason = `the metrics cannot be read: ${down}`;
    return noted(ground, stand.progressing, { phase, paused, since, downSince: look.now, reason });
  }
  const reason = `the metrics cannot be read since ${isoTime(downSince)}: ${down}`;
  const over = look.now - downSince >= onMetricsDown.hold;
  const step = over
    ? spent(seen, stand.progressing, { budget: onMetricsDown, key: 'onMetricsDown', reason })
    : undefined;
  return step ?? hold(stand.progressing, reason);
}

/** Returns a step that forgets, if need be, that the metrics could not be read. */
export function measuredAgain({ state, stand, ground }: Seen, step: Step): Step {
  const { phase, paused, since, downSince } = state;
  if (downSince === undefined || step.state !== undefined) return step;
  const reason = `the metrics can be read again; ${step.reason}`;
  return noted(ground, stand.progressing, { phase, paused, since, reason });
}

interface Spent {
  readonly budget: Budget;
  readonly key: 'onNoData' | 'onMetricsDown';
  readonly reason: string;
}

function spent(
  { scene, state, stand, ground }: Seen,
  about: readonly Watched[],
  { budget, key, reason }: Spent,
): Step | undefined {
  const { interval } = scene.analysis;
  const because = `${reason}; ${key} is ${budget.then}`;
  if (budget.then === 'rollback') return takeOut(ground, about, { reason: because, outcome: 'rolled back', interval });
  if (budget.then === 'hold' || state.paused !== undefined) return undefined;
  const paused = `${reason}: nothing advances until sluice resume, or a share by hand`;
  const { since, downSince } = state;
  return noted(ground, stand.progressing, { phase: 'Paused', paused, since, downSince, reason: paused });
}
