import { isoTime } from '../../release/iso-time.js';
import type { Rollout } from '../../release/policy.js';
import { goneBack } from './endings.js';
import type { Seen } from './scene.js';
import type { Exposed, Step } from './state.js';
import { hold, noted } from './steps.js';

/** Whether a promotion is more than one decision: it may be taken back, or the version before is to go. */
export function isWatched({ rollbackWindow = 0, cleanup = false }: Rollout): boolean {
  return rollbackWindow > 0 || cleanup;
}

/**
 * Watches a promotion until its rollback window is over. The verdict goes on from the evidence before; there is nobody to
 * compare with any more, so what can still fail are limits that compare with nothing.
 */
export function watched(seen: Seen): Step {
  const { scene, state, look, ground } = seen;
  const { primary } = scene;
  const about = [{ ...primary, share: 100 }];
  const former = wayBack(seen);
  if (former === undefined) {
    const reason = `the promotion of ${primary.name} is final: it or the version before was changed`;
    return noted(ground, about, { phase: 'Completed', since: state.since, reason });
  }
  const verdict = look.evidence?.verdict;
  if (verdict?.outcome === 'fail') {
    return goneBack(ground, former, `${former.name} is the primary again: ${verdict.sentence}`);
  }
  const end = watchedUntil(seen);
  if (look.now >= end) {
    const reason = `${primary.name} was watched until ${isoTime(end)}: its promotion is final`;
    return noted(ground, about, { phase: 'Completed', since: state.since, former: former.name, reason });
  }
  const found = verdict === undefined ? '' : `; ${verdict.sentence}`;
  return hold(about, `${primary.name} is watched until ${isoTime(end)}, with a way back to ${former.name}${found}`);
}

/** Returns the version that a promotion replaced, as it was then; undefined where either was changed since. */
export function wayBack({ scene, state }: Pick<Seen, 'scene' | 'state'>): Exposed | undefined {
  const former = scene.others.find(({ name }) => name === state.former);
  const then = state.settled.find(({ name }) => name === state.former)?.identity;
  const isSame = state.primaryIdentity === scene.primary.identity;
  return isSame && former !== undefined && former.identity === then ? former : undefined;
}

/** Returns when a promotion is final, in Unix seconds. */
export function watchedUntil({ scene, state, look }: Pick<Seen, 'scene' | 'state' | 'look'>): number {
  return (state.since ?? look.now) + (scene.rollout.rollbackWindow ?? 0);
}
