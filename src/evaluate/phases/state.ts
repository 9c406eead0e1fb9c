import type { Moves, Shares } from '../../release/policy.js';

/**
 * Where a release stands. Initializing → Progressing ⇄ Paused → Promoting → Completed, RolledBack, Inconclusive or
 * Terminated; a further candidate begins again.
 */
export const phases = [
  'Initializing',
  'Progressing',
  'Paused',
  'Promoting',
  'Inconclusive',
  'Completed',
  'RolledBack',
  'Terminated',
] as const;

/** Where a release stands. */
export type Phase = (typeof phases)[number];

/** What became of a version that needs no more judging. */
export const outcomes = ['promoted', 'replaced', 'rolled back', 'terminated', 'lost'] as const;

/** A version as it was when nothing more was to be found out about it. */
export interface Settled {
  readonly name: string;
  readonly identity: string;
  readonly outcome: (typeof outcomes)[number];
  /** Unix seconds. */
  readonly at: number;
  /** Whether cleanup leaves its entry: who puts back what was taken out wants it. @default false */
  readonly stays?: boolean | undefined;
}

/** A candidate as it was decided on last. */
export interface Trial {
  readonly name: string;
  readonly identity: string;
  /** The percent that it was given; undefined where it was taken out. */
  readonly share: number | undefined;
  /** Unix seconds: when it was first exposed. */
  readonly startedAt: number | undefined;
  /** Whether a verdict on it has moved its share; until then it has at most the entry share. */
  readonly judged: boolean;
}

/** What is remembered of a release between its decisions; plain data. */
export interface State {
  readonly phase: Phase;
  /** Decisions so far. */
  readonly iteration: number;
  /** The primary after the last decision, and what it was then; another one is a person's doing. */
  readonly primary: string | undefined;
  readonly primaryIdentity: string | undefined;
  /** Who was decided on: those under analysis, and those that its end left where they were. The first is who it was about. */
  readonly trials: readonly Trial[];
  /** Unix seconds, a multiple of the interval: since when the shares are what they are. */
  readonly since: number | undefined;
  /** Requests of a window before the first candidate was exposed. */
  readonly traffic: number | undefined;
  /** Why the last decision was made. */
  readonly message: string;
  /** Why nothing moves until a person says so; undefined where it may. */
  readonly paused: string | undefined;
  /** Whom the primary replaced, while there may be a way back or its entry is to be taken out. */
  readonly former: string | undefined;
  /** Unix seconds: since when the metrics cannot be read, where a budget is given for that. */
  readonly downSince: number | undefined;
  /** The fresh baseline that was added last; undefined where none stands in the values by a decision of ours. */
  readonly baseline: Deployed | undefined;
  readonly settled: readonly Settled[];
}

/** A fresh baseline as it was decided on last. */
export interface Deployed {
  readonly name: string;
  /** Unix seconds: since when it is deployed, or out of the route for good. */
  readonly since: number;
  /** Whether its entry goes once no request reaches it any more. */
  readonly leaving: boolean;
}

/** A version as the values have it. */
export interface Version {
  readonly name: string;
  /** What tells it from what was called so before. */
  readonly identity: string;
}

/** A version beside the primary, with its percent. */
export interface Exposed extends Version {
  readonly share: number;
}

/** What is deployed for candidates to be compared with. It is no candidate: nothing promotes or judges it. */
export interface Baseline {
  readonly name: string;
  readonly share: number;
  /** The candidates at whose size it is a copy of the primary. */
  readonly fits: readonly string[];
}

/** Who there is: a release as the values have it, as plain data. */
export interface Cast {
  readonly primary: Version;
  /** Beside the primary and the baseline, in the order of the values. */
  readonly others: readonly Exposed[];
  /** @default none */
  readonly baseline?: Baseline | undefined;
  /** Whether candidates are compared with a baseline of that kind. @default false, with the primary */
  readonly fresh?: boolean | undefined;
  readonly moves: Moves;
}

/** What is to become of the route; undefined leaves it as it is. */
export type RouteChange =
  /** The percents of these candidates, and of the baseline; the primary has the rest. */
  | { readonly kind: 'shares'; readonly shares: Shares }
  /** This version is the primary, and gets what these leave of everything. */
  | { readonly kind: 'promote'; readonly version: string; readonly beside?: Shares | undefined }
  /** A copy of the primary is added under this name, at the size of a candidate and without traffic. */
  | { readonly kind: 'add'; readonly version: string; readonly beside: string }
  /** The entry of this version goes; it is out of the route since at least a whole window. */
  | { readonly kind: 'remove'; readonly version: string };

/** The percent of a candidate before and after. */
export interface Moved {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What the next pass does to a release. */
export interface Step {
  readonly kind: 'advance' | 'hold' | 'promote' | 'roll back';
  /** Whom it is about; the one that is named first comes first. */
  readonly moved: readonly Moved[];
  /** One sentence. */
  readonly reason: string;
  readonly route: RouteChange | undefined;
  /** What is to be remembered; undefined where nothing changes. */
  readonly state: State | undefined;
}

/** Whether candidates are under analysis; one that is inconclusive is watched on, since it may still prove harmful. */
export function isLive({ phase }: Pick<State, 'phase'>): boolean {
  return phase === 'Progressing' || phase === 'Inconclusive' || phase === 'Paused';
}

/** The state of a release that nothing was decided on. */
export const initialState: State = {
  phase: 'Initializing',
  iteration: 0,
  primary: undefined,
  primaryIdentity: undefined,
  trials: [],
  since: undefined,
  traffic: undefined,
  message: '',
  paused: undefined,
  former: undefined,
  downSince: undefined,
  baseline: undefined,
  settled: [],
};
