import { windowsSince } from '../evaluate/ledger.js';
import { evidenceFor } from '../evaluate/phases/next.js';
import { silenceIn, unsyncedIn } from '../evaluate/phases/observed.js';
import type { Evidence, Look, Scene } from '../evaluate/phases/scene.js';
import { standOf } from '../evaluate/phases/stand.js';
import type { RouteChange, State } from '../evaluate/phases/state.js';
import { type JudgeId, judges } from '../judges/registry.js';
import { type PolicyId, policies } from '../policies/registry.js';
import type { Ledger, LedgerRow } from '../release/evaluation.js';
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
  if (needed === 'entry' || needed === 'leave') return { ...blind, evidence: { baseline, verdict: undefined } };
  const isWatch = needed === 'watch';
  const judged = isWatch ? scene.primary.name : candidate;
  const beside = isWatch ? (state.former ?? primary) : primary;
  const ledger = ledgerFor({ scene, state, rows, now });
  if (ledger === undefined) return blind;
  const { objectives, rewards, minRequests, settings } = scene.analysis;
  const declared = isWatch ? undefined : declaredBy(scene, state);
  const verdict = verdictOf({
    ...{ ledger, objectives, rewards, minRequests, settings, declared },
    ...{ baseline: beside, candidates: [judged], comparable: true, brief: true },
  });
  return { ...blind, evidence: { baseline, verdict, ...(!isWatch && seenOf({ scene, state, ledger }, declared)) } };
}

function ledgerFor({ scene, state, rows, now }: Moment): Ledger | undefined {
  const { interval, judge } = scene.analysis;
  const startedAt = state.trials[0]?.startedAt ?? state.since ?? now;
  const since = judges[judge as JudgeId].windows === 'analysis' ? startedAt : (state.since ?? now);
  const windows = windowsSince(since, { interval, now, delay: DELAY });
  return windows && { interval, rows: rows.slice(windows.firstEnd / interval - 1, windows.lastEnd / interval) };
}

function declaredBy(scene: Scene, { since }: State): Declared | undefined {
  const share = shareIn(scene);
  return since === undefined ? undefined : { since, shares: { [primary]: 100 - share, [candidate]: share } };
}

function seenOf(
  { scene, state, ledger }: Pick<Moment, 'scene' | 'state'> & { readonly ledger: Ledger },
  declared: Declared | undefined,
): Pick<Evidence, 'silence' | 'unsynced'> {
  const { progressing } = standOf(scene, state, false);
  const split = { candidates: [candidate], since: state.since ?? 0, shares: declared?.shares };
  return { silence: silenceIn(ledger, primary, progressing), unsynced: unsyncedIn(ledger, split) };
}
