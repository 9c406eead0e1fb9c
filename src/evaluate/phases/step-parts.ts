import type { Shares } from '../../release/policy.js';
import {
  type Cast,
  type Exposed,
  isLive,
  type Moved,
  type Settled,
  type State,
  type Step,
  type Trial,
  type Version,
} from './state.js';

/** What a step is made on. */
export interface Ground {
  readonly cast: Cast;
  readonly state: State;
  /** Unix seconds. */
  readonly now: number;
}

/** What a step remembers beside what follows from the values. */
export type Remembered = Pick<State, 'phase' | 'trials' | 'settled'> &
  Partial<Pick<State, 'since' | 'traffic' | 'paused' | 'former' | 'downSince' | 'baseline'>>;

/** Returns what is remembered after a decision; what `next` does not say is forgotten. */
export function after({ cast, state }: Ground, message: string, next: Remembered): State {
  const { primary, others } = cast;
  const names = [primary.name, ...namesOf(others)];
  return {
    iteration: state.iteration + 1,
    primary: primary.name,
    primaryIdentity: primary.identity,
    since: undefined,
    traffic: undefined,
    paused: undefined,
    former: undefined,
    downSince: undefined,
    baseline: undefined,
    message,
    ...next,
    // What is no longer in the values may come back as something new.
    settled: next.settled.filter(({ name }) => names.includes(name)),
  };
}

/** Whoever else is under analysis, was left with its share by the end of one, or was taken out by a person. */
export function remaining({ cast, state }: Ground, out: readonly string[]): Trial[] {
  return state.trials.filter(
    (trial) =>
      !out.includes(trial.name) &&
      cast.others.some(({ name }) => name === trial.name) &&
      (trial.share !== undefined || isWithdrawn(state, trial)),
  );
}

/** Whether a person took it out while it was under analysis. */
export function isWithdrawn(state: State, { share }: Trial): boolean {
  return share === undefined && isLive(state);
}

/** Whose share changes comes first, then who is analysed from here on. */
export function movedBy({ others }: Cast, shares: Shares, fresh: readonly string[]): Moved[] {
  const moved = others.flatMap(({ name, share }) => {
    const to = shares[name];
    return to === undefined ? [] : [{ name, from: share, to }];
  });
  const rank = ({ name, from, to }: Moved) => (from !== to ? 0 : fresh.includes(name) ? 1 : 2);
  return moved.toSorted((a, b) => rank(a) - rank(b));
}

/** They lose what they have. */
export function leaving({ others }: Cast, names: readonly string[]): Moved[] {
  return names.map((name) => ({ name, from: others.find((each) => each.name === name)?.share ?? 0, to: 0 }));
}

/** What is settled of all but these. */
export function unsettled(settled: readonly Settled[], these: readonly { readonly name: string }[]): Settled[] {
  return settled.filter(({ name }) => !these.some((each) => each.name === name));
}

/** Returns the percent that a version had, also where a person made it the primary. */
export function fromOf({ cast, state }: Ground, name: string): number {
  const trial = state.trials.find((each) => each.name === name);
  if (cast.primary.name === name) return trial?.share ?? 0;
  return cast.others.find((each) => each.name === name)?.share ?? 0;
}

/** Who was decided on, and has no share any more. */
export function gone({ name, identity }: Version): Trial {
  return { name, identity, share: undefined, startedAt: undefined, judged: false };
}

/** It keeps what it has. */
export function staying({ name, share }: Exposed): Moved {
  return { name, from: share, to: share };
}

/** Returns the names of versions. */
export function namesOf(versions: readonly { readonly name: string }[]): string[] {
  return versions.map(({ name }) => name);
}

/** Whom a decision is about comes first. */
export function namedFirst(trials: readonly Trial[], first: string | undefined): Trial[] {
  return trials.toSorted((a, b) => Number(b.name === first) - Number(a.name === first));
}

/** The shares of the others stay what they are. */
export function without({ others }: Cast, names: readonly string[]): Step['route'] {
  const exposed = others.filter(({ share }) => share > 0);
  if (!exposed.some(({ name }) => names.includes(name))) return undefined;
  const shares = exposed.map(({ name, share }) => [name, names.includes(name) ? 0 : share] as const);
  return { kind: 'shares', shares: Object.fromEntries(shares) };
}

/** Returns the percents that versions have, by name. */
export function sharesOf(versions: readonly Exposed[]): Shares {
  return Object.fromEntries(versions.map(({ name, share }) => [name, share]));
}

/** Returns names as they stand in a sentence. */
export function listed(versions: readonly (string | { readonly name: string })[]): string {
  return versions.map((each) => (typeof each === 'string' ? each : each.name)).join(', ');
}
