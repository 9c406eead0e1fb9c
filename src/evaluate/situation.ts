import type { Analysis } from '../release/evaluation.js';
import { type VersionModel, versionNamed } from '../release/model.js';
import type { Rollout } from '../release/policy.js';
import type { LoadedValues } from '../values/load.js';
import { withQueue } from './phases/next.js';
import { wayBack } from './phases/promoting.js';
import { type Stand, standOf } from './phases/stand.js';
import type { Exposed as Seen } from './phases/state.js';
import { sceneOf } from './scene-of.js';
import { stateOf } from './state-of.js';
import type { Status } from './status.js';

/** What the next pass looks at first in a release. */
export type Situation =
  /** There is nothing to decide. */
  | { readonly kind: 'idle'; readonly reason: string }
  /** A candidate gets nothing yet and waits to be let in. */
  | ({ readonly kind: 'entering' } & Underway)
  /** The candidate has a share that no decision gave it; from here on it is analysed at that. */
  | ({ readonly kind: 'adopting' } & Exposed)
  /** A candidate is exposed at the share of the last decision. */
  | ({ readonly kind: 'progressing'; readonly since: number; readonly startedAt: number } & Exposed)
  /** The candidate became another one while it was exposed. */
  | ({ readonly kind: 'changed' } & Exposed)
  /** A person took the candidate out of the route. */
  | ({ readonly kind: 'withdrawn' } & Underway)
  /** This version was promoted, and is watched until a time in Unix seconds: until then there is a way back. */
  | ({ readonly kind: 'watching'; readonly former: string; readonly until: number } & Exposed)
  /** A person made this version the primary. */
  | ({ readonly kind: 'overtaken' } & Exposed);

/** A candidate under analysis and how that is done. */
interface Underway {
  readonly candidate: VersionModel;
  /** Who waits to be let in, in the order of the values. */
  readonly queued: readonly string[];
  readonly analysis: Analysis;
  readonly rollout: Rollout;
}

/** A candidate that has traffic: its percent. */
interface Exposed extends Underway {
  readonly share: number;
}

/**
 * Returns where a release stands, from its values and its status alone.
 *
 * @param byHand whether a person wrote the status as it stands, by a revert for example: its windows are not taken over
 */
export function situationOf(loaded: LoadedValues, status: Status, byHand = false): Situation {
  const scene = sceneOf(loaded);
  if (scene === undefined) return { kind: 'idle', reason: 'its values ask for no analysis' };
  const { analysis, rollout } = scene;
  const state = stateOf(status);
  const stand = standOf(scene, state, byHand);
  const found = firstIn(stand);
  const waiting = stand.waiting.map(({ name }) => name).filter((name) => name !== found?.version.name);
  const underway = (name: string) => {
    return { candidate: versionNamed(loaded.release.model, name), queued: waiting, analysis, rollout };
  };
  if (stand.overtaken) {
    return { kind: 'overtaken', ...underway(scene.primary.name), queued: [], share: status.share ?? 0 };
  }
  const former = state.phase === 'Promoting' ? wayBack({ scene, state }) : undefined;
  if (former !== undefined && (found === undefined || found.kind === 'entering')) {
    const until = (state.since ?? 0) + (rollout.rollbackWindow ?? 0);
    const queued = stand.waiting.map(({ name }) => name);
    return { kind: 'watching', former: former.name, until, ...underway(scene.primary.name), queued, share: 100 };
  }
  if (found === undefined || (found.kind === 'entering' && stand.ended.length > 0)) {
    const isKnown = stand.ended.length + stand.out.length > 0;
    const queued = stand.ended.length > 0 ? stand.waiting.map(({ name }) => name) : [];
    return { kind: 'idle', reason: isKnown ? withQueue(status.message, queued) : 'no candidate waits for an analysis' };
  }
  const { kind, version } = found;
  const exposed = { ...underway(version.name), share: version.share };
  if (kind !== 'progressing') return { kind, ...exposed };
  const startedAt = stand.progressing.find(({ name }) => name === version.name)?.startedAt ?? 0;
  return { kind, ...exposed, since: state.since ?? startedAt, startedAt };
}

type Found = { readonly kind: Exclude<Situation['kind'], 'idle' | 'overtaken' | 'watching'>; readonly version: Seen };

/** In the order in which a pass looks at them. */
function firstIn({ changed, withdrawn, adopting, progressing, waiting }: Stand): Found | undefined {
  const lists = { changed, withdrawn, adopting, progressing, entering: waiting };
  for (const [kind, [version]] of Object.entries(lists)) {
    if (version !== undefined) return { kind: kind as Found['kind'], version };
  }
  return undefined;
}
