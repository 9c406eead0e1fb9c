import type { Shares } from '../../release/policy.js';
import type { Exposed, Settled, State, Step, Trial, Version } from './state.js';
import {
  after,
  type Ground,
  gone,
  isWithdrawn,
  leaving,
  movedBy,
  namedFirst,
  namesOf,
  remaining,
  staying,
  without,
} from './step-parts.js';

/** Nothing changes. */
export function hold(about: readonly Exposed[], reason: string): Step {
  return { kind: 'hold', moved: about.map(staying), reason, route: undefined, state: undefined };
}

/** What a change of shares is about. */
interface Resharing {
  readonly reason: string;
  /** Seconds. */
  readonly interval: number;
  /** Who is let in, or is analysed from here on. */
  readonly fresh: readonly string[];
  /** Whose share follows from a verdict. */
  readonly judged: readonly string[];
  readonly traffic: number | undefined;
}

/** The candidates have these percents, and the windows start anew. */
export function reshare(ground: Ground, shares: Shares, how: Resharing): Step {
  const { cast, state, now } = ground;
  const moved = movedBy(cast, shares, how.fresh);
  const named = (name: string, all: readonly string[]) => all.includes(name);
  const trials = cast.others.flatMap(({ name, identity }): Trial[] => {
    const before = state.trials.find((trial) => trial.name === name && trial.identity === identity);
    const share = shares[name];
    if (share === undefined) return before !== undefined && isWithdrawn(state, before) ? [before] : [];
    if (share === 0) return [];
    const startedAt = named(name, how.fresh) ? now : before?.startedAt;
    const judged = named(name, how.judged) || (before?.judged === true && !named(name, how.fresh));
    return [{ name, identity, share, startedAt: startedAt ?? now, judged }];
  });
  const [first] = moved;
  const next = {
    phase: 'Progressing',
    trials: namedFirst(trials, first?.name),
    since: Math.ceil(now / how.interval) * how.interval,
    traffic: how.traffic,
    settled: state.settled.filter(({ name }) => (shares[name] ?? 0) === 0),
  } as const;
  return {
    kind: 'advance',
    moved,
    reason: how.reason,
    route: moved.some(({ from, to }) => from !== to) ? { kind: 'shares', shares } : undefined,
    state: after(ground, how.reason, next),
  };
}

/** These lose what they have and are settled; the others go on, with windows of their own. */
export function takeOut(
  ground: Ground,
  out: readonly Version[],
  { reason, outcome, interval }: { reason: string; outcome: Settled['outcome']; interval?: number | undefined },
): Step {
  const { cast, state, now } = ground;
  const names = namesOf(out);
  const settled = [
    ...state.settled.filter(({ name }) => !names.includes(name)),
    ...out.map(({ name, identity }) => ({ name, identity, outcome, at: now })),
  ];
  const next = { ...goneOn(ground, out, interval, outcome === 'terminated' ? 'Terminated' : 'RolledBack'), settled };
  const kind = 'roll back' as const;
  return { kind, moved: leaving(cast, names), reason, route: without(cast, names), state: after(ground, reason, next) };
}

/** These lose what they have, and their analysis starts again. */
export function restart(
  ground: Ground,
  out: readonly Version[],
  { reason, interval }: { reason: string; interval: number },
): Step {
  const { cast, state } = ground;
  const names = namesOf(out);
  const next = { ...goneOn(ground, out, interval, 'Initializing'), settled: state.settled };
  const kind = 'roll back' as const;
  return { kind, moved: leaving(cast, names), reason, route: without(cast, names), state: after(ground, reason, next) };
}

/** What is remembered of those that go on without `out`; where nobody does, who was decided on last. */
function goneOn(ground: Ground, out: readonly Version[], interval: number | undefined, over: State['phase']) {
  const { state, now } = ground;
  const left = remaining(ground, namesOf(out));
  if (left.length === 0) return { phase: over, trials: out.slice(0, 1).map(gone) };
  const phase = left.some(({ share }) => share !== undefined) ? state.phase : 'Paused';
  // Shares that change begin new windows.
  const since = interval === undefined ? state.since : Math.ceil(now / interval) * interval;
  return { phase, trials: left, since, traffic: state.traffic, paused: state.paused };
}

/** Nothing changes but what is remembered: a person took these out. */
export function withdraw(ground: Ground, out: readonly Version[], reason: string): Step {
  const { state, cast } = ground;
  const names = namesOf(out);
  const left = remaining(ground, names);
  const isOver = left.every(({ share }) => share === undefined);
  const next = {
    phase: isOver ? 'Paused' : state.phase,
    trials: [...out.map(gone), ...left],
    ...(!isOver && { since: state.since, traffic: state.traffic, paused: state.paused }),
    settled: state.settled,
  } as const;
  const moved = cast.others.filter(({ name }) => names.includes(name)).map(staying);
  return { kind: 'hold', moved, reason, route: undefined, state: after(ground, reason, next) };
}

/** Everybody keeps what they have; what is remembered is that the analysis ended with that, or waits for a person. */
export function noted(
  ground: Ground,
  about: readonly Exposed[],
  change: Pick<State, 'phase'> &
    Partial<Pick<State, 'paused' | 'since' | 'trials' | 'former' | 'downSince'>> & { readonly reason: string },
): Step {
  const { reason, ...rest } = change;
  const { trials, since, traffic, settled } = ground.state;
  const next = { trials, since, traffic, settled, ...rest };
  return { kind: 'hold', moved: about.map(staying), reason, route: undefined, state: after(ground, reason, next) };
}
