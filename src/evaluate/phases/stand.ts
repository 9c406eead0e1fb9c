import { type Cast, type Exposed, isLive, type State, type Trial } from './state.js';

/** A candidate under analysis: what is there of it, and what is remembered. */
export interface Watched extends Exposed {
  readonly startedAt: number;
  readonly judged: boolean;
}

/** Where a release stands before any evidence is looked at; each version beside the primary is in at most one list. */
export interface Stand {
  /** Whether a person made another version the primary. */
  readonly overtaken: boolean;
  /** They became others while they were exposed. */
  readonly changed: readonly Exposed[];
  /** A person took them out of the route. */
  readonly withdrawn: readonly Exposed[];
  /** They have a share that no decision gave them; from here on they are analysed at that. */
  readonly adopting: readonly Exposed[];
  /** They are exposed at the share of the last decision. */
  readonly progressing: readonly Watched[];
  /** They get nothing yet and wait to be let in, in the order of the values. */
  readonly waiting: readonly Exposed[];
  /** Their analysis is over, and they keep what they have. */
  readonly ended: readonly Exposed[];
  /** They were taken out, and wait for a person. */
  readonly out: readonly Exposed[];
}

/**
 * Returns where a release stands.
 *
 * @param byHand whether a person wrote the state as it stands, by a revert for example: its windows are not taken over
 */
export function standOf(cast: Cast, state: State, byHand: boolean): Stand {
  const stand = {
    overtaken: state.primary !== undefined && state.primary !== cast.primary.name,
    changed: [] as Exposed[],
    withdrawn: [] as Exposed[],
    adopting: [] as Exposed[],
    progressing: [] as Watched[],
    waiting: [] as Exposed[],
    ended: [] as Exposed[],
    out: [] as Exposed[],
  };
  for (const version of cast.others) {
    if (version.share === 0 && isSettled(state, version)) continue;
    const trial = state.trials.find(({ name }) => name === version.name);
    const [kind, seen] = placeOf(version, trial, { state, byHand });
    (stand[kind] as Exposed[]).push(seen);
  }
  return stand;
}

/** A settled version is a candidate again when it is another one now, or when a person gave it traffic. */
function isSettled({ settled }: State, { name, identity }: Exposed): boolean {
  return settled.some((entry) => entry.name === name && entry.identity === identity);
}

type Place = readonly [Exclude<keyof Stand, 'overtaken'>, Exposed | Watched];

function placeOf(
  version: Exposed,
  trial: Trial | undefined,
  { state, byHand }: { readonly state: State; readonly byHand: boolean },
): Place {
  const { share, identity } = version;
  const same = trial?.identity === identity;
  if (share === 0) return [same ? unexposed(state, trial) : 'waiting', version];
  if (byHand || trial === undefined || trial.share === undefined) return ['adopting', version];
  if (!isLive(state)) return [same && share === trial.share ? 'ended' : 'adopting', version];
  if (!same) return ['changed', version];
  if (share !== trial.share || trial.startedAt === undefined || state.since === undefined) return ['adopting', version];
  return ['progressing', { ...version, startedAt: trial.startedAt, judged: trial.judged }];
}

function unexposed(state: State, { share }: Trial): 'withdrawn' | 'out' | 'waiting' {
  if (!isLive(state)) return 'waiting';
  return share === undefined ? 'out' : 'withdrawn';
}
