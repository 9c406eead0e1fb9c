import { contestFor, judgedIn, windowsOf, windowsToRead } from '../evaluate/contest.js';
import { evidenceFor } from '../evaluate/phases/next.js';
import type { Look, Scene } from '../evaluate/phases/scene.js';
import { standOf } from '../evaluate/phases/stand.js';
import type { RouteChange, State } from '../evaluate/phases/state.js';
import { type PolicyId, policies } from '../policies/registry.js';
import type { LedgerRow } from '../release/evaluation.js';
import type { Declared, GiveVerdict } from '../release/judge.js';
import type { Scenario } from './scenario.js';

export const primary = 'primary';
export const candidate = 'candidate';

/** Seconds that a window takes to become complete, as in earnest. */
export const DELAY = 5;

/** Returns the release of a scenario before its first pass. */
export function sceneOf({ analysis, rollout }: Scenario): Scene {
  return {
    primary: { name: primary, identity: primary },
    others: [{ name: candidate, identity: candidate, share: 0 }],
    moves: 'shares',
    analysis,
    rollout,
    policy: policies[rollout.policy as PolicyId],
    together: 1,
    grant: (share) => share,
  };
}

/** Returns the release as its values are after a decision. */
export function followed(scene: Scene, route: RouteChange | undefined): Scene {
  if (route?.kind === 'shares') {
    const others = scene.others.map((each) => ({ ...each, share: route.shares[each.name] ?? each.share }));
    return { ...scene, others };
  }
  if (route?.kind !== 'promote') return scene;
  const named = (name: string) => ({ name, identity: name });
  const other = route.version === primary ? candidate : primary;
  return { ...scene, primary: named(route.version), others: [{ ...named(other), share: 0 }] };
}

/** Returns the candidate's percent of the requests, whichever version is the primary by now. */
export function shareIn(scene: Scene): number {
  return scene.primary.name === candidate ? 100 : (scene.others[0]?.share ?? 0);
}

/** A release between two windows. */
export interface Moment {
  readonly scene: Scene;
  readonly state: State;
  /** Every window so far, with the first that ended at `interval`. */
  readonly rows: readonly LedgerRow[];
  /** Unix seconds. */
  readonly now: number;
}

/** Returns what the next decision knows: the same windows of the same versions as in earnest. */
export function lookAt({ scene, state, rows, now }: Moment, verdictOf: GiveVerdict): Look {
  const blind: Look = { now, delay: DELAY, byHand: false, held: undefined, evidence: undefined };
  const needed = evidenceFor(scene, state, blind);
  const baseline = rows.at(-1)?.versions[scene.primary.name];
  if (needed === undefined || baseline === undefined) return blind;
  const stand = standOf(scene, state, false);
  const contest = contestFor(needed, { scene, state, stand });
  if (contest.candidates.length === 0) return { ...blind, evidence: { baseline, verdict: undefined } };
  const clock = { now, delay: DELAY };
  const windows = windowsOf(contest, { scene, state }, clock);
  const read = windowsToRead(contest, { scene, state }, clock);
  if (windows === undefined || read === undefined) return blind;
  const { interval } = read;
  const ledger = { interval, rows: rows.slice(read.firstEnd / interval - 1, read.lastEnd / interval) };
  const declared = needed === 'watch' ? undefined : declaredBy(scene, state);
  const seen = judgedIn({ scene, state, stand, contest }, ledger, {
    ...{ now, verdictOf, firstEnd: windows.firstEnd, declared, shares: declared?.shares },
    ...{ comparable: true, brief: true },
  });
  return { ...blind, evidence: { baseline, ...seen } };
}

function declaredBy(scene: Scene, { since }: State): Declared | undefined {
  const share = shareIn(scene);
  return since === undefined ? undefined : { since, shares: { [primary]: 100 - share, [candidate]: share } };
}
