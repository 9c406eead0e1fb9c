import { isLive, type State } from './phases/state.js';
import type { Status } from './status.js';

/** Whether a state is one of the analysis that a status tells of: what was found then is still what is known. */
export function isSameAnalysis(before: Status, { phase, trials }: Pick<State, 'phase' | 'trials'>): boolean {
  if (phase === 'Initializing') return false;
  const known = startsIn(before);
  const begun = trials.filter(({ startedAt }) => startedAt !== undefined);
  return (
    trials.some(({ name, identity }) => known.some((each) => each.name === name && each.identity === identity)) &&
    begun.every(({ name, startedAt = 0 }) => known.some((each) => each.name === name && each.startedAt === startedAt))
  );
}

/** Returns when an analysis began that leaves nobody under way, as ISO 8601; undefined where that is not known. */
export function beginTold(before: Status, state: Pick<State, 'phase' | 'trials'>): string | undefined {
  if (isLive(state) && state.phase !== 'Paused') return undefined;
  if (!isSameAnalysis(before, state)) return undefined;
  const begun = startsIn(before).flatMap(({ startedAt }) => startedAt ?? []);
  return begun.length === 0 ? undefined : new Date(Math.min(...begun) * 1000).toISOString();
}

function startsIn({ candidate, identity, startedAt, others = [] }: Status) {
  return [{ name: candidate, identity, startedAt }, ...others].map((each) => ({
    ...each,
    startedAt: each.startedAt === undefined ? undefined : Date.parse(each.startedAt) / 1000,
  }));
}
