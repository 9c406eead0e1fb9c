import { isSample } from '../../release/evaluation.js';
import { isBaselineLeaving, STARTING } from './baseline.js';
import { wayBack } from './promoting.js';
import type { Seen } from './scene.js';
import type { Exposed, Settled, State, Step } from './state.js';
import { noted } from './steps.js';

/** A version whose entry is to go. */
interface Leaver {
  readonly version: Exposed;
  /** Unix seconds: from when on no request reaches it that the route knows of. */
  readonly since: number;
}

/** Returns the version whose traffic has to have ended before its entry goes: a fresh baseline, or who was replaced or lost. */
export function leaving(seen: Omit<Seen, 'ground'>): string | undefined {
  return isBaselineLeaving(seen) ? seen.scene.baseline?.name : leaverIn(seen)?.version.name;
}

/** Until a promotion is final, whoever took part in it stays. */
function leaverIn({ scene, state, look }: Omit<Seen, 'ground'>): Leaver | undefined {
  const { interval } = scene.analysis;
  if (scene.rollout.cleanup !== true || look.held !== undefined || state.phase === 'Promoting') return undefined;
  // A baseline of its analysis leaves before it.
  const former = state.phase === 'Completed' && scene.baseline === undefined ? wayBack({ scene, state }) : undefined;
  const isKept = state.settled.some(({ name, stays }) => name === former?.name && stays);
  if (former?.share === 0 && !isKept) return { version: former, since: state.since ?? look.now };
  const out = scene.others.flatMap((version): Leaver[] => {
    const settled = state.settled.find((entry) => isSettledAs(version, entry));
    if (settled === undefined || version.share > 0) return [];
    // No window of its own tells that the commit has reached the cluster: few requests may have been none by chance.
    const back = settled.outcome === 'replaced' ? (scene.rollout.rollbackWindow ?? 0) : 0;
    const since = Math.ceil(settled.at / interval) * interval + Math.max(0, STARTING - interval, back);
    return [{ version, since }];
  });
  return out[0];
}

/** One that a person has changed since is another one, and a candidate again. */
function isSettledAs({ name, identity }: Exposed, settled: Settled): boolean {
  const isOut = ['replaced', 'rolled back', 'lost'].includes(settled.outcome);
  return isOut && !settled.stays && settled.name === name && settled.identity === identity;
}

/**
 * Takes the entry of a version out that was replaced, failed or lost, where a whole window confirms that it has left the
 * route; else undefined. Whoever is under analysis goes on.
 */
export function cleanedUp(seen: Seen): Step | undefined {
  const { scene, state, look, ground } = seen;
  const { baseline, former: last } = look.evidence ?? {};
  const leaver = leaverIn(seen);
  if (leaver === undefined || last === undefined || isSample(last) || !isSample(baseline)) return undefined;
  // Requests may have been counted of which something else is unknown.
  if (!last.idle) return undefined;
  if (leaver.since + scene.analysis.interval + look.delay > look.now) return undefined;
  const { version } = leaver;
  const reason = `${version.name} has left the route and gets no requests (${last.missing}): rollout.cleanup takes its entry out`;
  const route = { kind: 'remove', version: version.name } as const;
  if (version.name === state.former) {
    const cast = { ...scene, others: scene.others.filter(({ name }) => name !== version.name) };
    return { ...noted({ ...ground, cast }, [version], { phase: state.phase, reason }), route };
  }
  const { phase, paused, former, downSince, baseline: deployed } = state;
  const step = noted(ground, [version], { phase, paused, former, downSince, reason });
  return {
    ...step,
    state: step.state && { ...step.state, baseline: deployed, settled: leftFrom(step.state, version) },
    route,
  };
}

/** It stays settled, and so does its entry where a person puts it back. */
function leftFrom({ settled }: State, { name }: Exposed): Settled[] {
  return settled.map((entry) => (entry.name === name ? { ...entry, stays: true } : entry));
}
