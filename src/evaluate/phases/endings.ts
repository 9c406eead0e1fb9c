import type { Shares } from '../../release/policy.js';
import type { Exposed, Settled, Step, Trial, Version } from './state.js';
import { after, fromOf, type Ground, gone, leaving, movedBy, namesOf, staying, unsettled } from './step-parts.js';

/** That a promotion is watched, and may be taken back. */
interface Watching {
  /** Seconds. */
  readonly interval: number;
  /** When the winner was first exposed. */
  readonly startedAt: number;
}

/** How a promotion goes. */
interface Promotion {
  /** @default - it is final */
  readonly watching?: Watching | undefined;
  /** What others keep beside the winner, unwatched. @default nothing */
  readonly beside?: Shares | undefined;
}

/** This version is the primary from now on; it and the one before are settled, and so is whoever took part and lost. */
export function promoted(
  ground: Ground,
  winner: Version,
  reason: string,
  { watching, beside = {} }: Promotion = {},
): Step {
  const { cast, state, now } = ground;
  const keeping = cast.others.filter(({ name }) => (beside[name] ?? 0) > 0);
  const before = cast.primary.name === winner.name ? state.primary : cast.primary.name;
  const former = [cast.primary, ...cast.others].find(({ name }) => name === before && name !== winner.name);
  const lost = cast.others.filter(
    ({ name, share }) =>
      share > 0 &&
      name !== winner.name &&
      name !== former?.name &&
      !(beside[name] ?? 0) &&
      state.trials.some((each) => each.name === name),
  );
  const ended: Settled[] = [
    ...keeping.map(({ name, identity }) => ({ name, identity, outcome: 'terminated' as const, at: now })),
    ...lost.map(({ name, identity }) => ({ name, identity, outcome: 'lost' as const, at: now })),
    ...(former === undefined
      ? []
      : [{ name: former.name, identity: former.identity, outcome: 'replaced' as const, at: now }]),
    { name: winner.name, identity: winner.identity, outcome: 'promoted', at: now },
  ];
  const from = fromOf(ground, winner.name);
  const taken = cast.moves === 'shares' ? keeping.reduce((sum, { name }) => sum + (beside[name] ?? 0), 0) : 0;
  const kept = keeping.map((each): Trial => ({ ...gone(each), share: beside[each.name] }));
  return {
    kind: 'promote',
    moved: [
      { name: winner.name, from, to: 100 - taken },
      ...movedBy({ ...cast, others: keeping }, beside, []),
      ...leaving(cast, namesOf(lost)),
    ],
    reason,
    route: { kind: 'promote', version: winner.name, ...(keeping.length > 0 && { beside }) },
    state: {
      ...after(ground, reason, {
        phase: watching === undefined ? 'Completed' : 'Promoting',
        trials: [{ ...gone(winner), startedAt: watching?.startedAt }, ...kept],
        since: watching && Math.ceil(now / watching.interval) * watching.interval,
        former: watching && former?.name,
        settled: [...unsettled(state.settled, ended), ...ended],
      }),
      primary: winner.name,
      primaryIdentity: winner.identity,
    },
  };
}

/** The primary loses everything to the one before it; both are settled. */
export function goneBack(ground: Ground, former: Version, reason: string): Step {
  const { cast, state, now } = ground;
  const { primary } = cast;
  const ended: Settled[] = [
    { name: former.name, identity: former.identity, outcome: 'promoted', at: now },
    { name: primary.name, identity: primary.identity, outcome: 'rolled back', at: now },
  ];
  return {
    kind: 'roll back',
    moved: [{ name: primary.name, from: 100, to: 0 }],
    reason,
    route: { kind: 'promote', version: former.name },
    state: {
      ...after(ground, reason, {
        phase: 'RolledBack',
        trials: [gone(primary)],
        settled: [...unsettled(state.settled, ended), ...ended],
      }),
      primary: former.name,
      primaryIdentity: former.identity,
    },
  };
}

/** The analysis is over, and these keep their shares unwatched. */
export function kept(ground: Ground, these: readonly Exposed[], reason: string): Step {
  const { state, now } = ground;
  const settled = [
    ...state.settled.filter(({ name }) => !these.some((each) => each.name === name)),
    ...these.map(({ name, identity }) => ({ name, identity, outcome: 'terminated' as const, at: now })),
  ];
  const trials = these.map(({ name, identity, share }) => {
    return { name, identity, share, startedAt: undefined, judged: false };
  });
  const next = { phase: 'Terminated', trials, settled } as const;
  return { kind: 'hold', moved: these.map(staying), reason, route: undefined, state: after(ground, reason, next) };
}

/** A person ends the analysis of these, with these shares; those that keep any are watched no more. */
export function terminated(
  ground: Ground,
  these: readonly Version[],
  { shares, reason }: { readonly shares: Shares; readonly reason: string },
): Step {
  const { cast, state, now } = ground;
  const moved = movedBy(cast, shares, []);
  const trials = these.map(({ name, identity }): Trial => {
    return { name, identity, share: shares[name] || undefined, startedAt: undefined, judged: false };
  });
  const settled = [
    ...unsettled(state.settled, these),
    ...these.map(({ name, identity }) => ({ name, identity, outcome: 'terminated' as const, at: now })),
  ];
  const isMoved = moved.some(({ from, to }) => from !== to);
  const isRaised = moved.some(({ from, to }) => from < to);
  return {
    kind: isRaised ? 'advance' : isMoved ? 'roll back' : 'hold',
    moved: moved.length > 0 ? moved : leaving(cast, namesOf(these)),
    reason,
    route: isMoved ? { kind: 'shares', shares } : undefined,
    state: after(ground, reason, { phase: 'Terminated', trials, settled }),
  };
}
