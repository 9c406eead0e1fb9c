import type { Analysis, Missing, Sample } from '../../release/evaluation.js';
import type { Verdict } from '../../release/judge.js';
import type { Policy, Rollout } from '../../release/policy.js';
import type { Silence, Unsynced } from './observed.js';
import type { Stand } from './stand.js';
import type { Cast, State } from './state.js';
import type { Ground } from './step-parts.js';

/** A release that asks for an analysis, as plain data. */
export interface Scene extends Cast {
  readonly analysis: Analysis;
  readonly rollout: Rollout;
  readonly policy: Policy;
  /** How many candidates can have traffic beside one another. */
  readonly together: number;
  /** Returns the percent that a candidate really has when it is given `share`. */
  grant(share: number): number;
}

/** What is known when a release is looked at. */
export interface Look {
  /** Unix seconds. */
  readonly now: number;
  /** Seconds that a window takes to become complete. */
  readonly delay: number;
  /** Whether a person wrote the state as it stands. */
  readonly byHand: boolean;
  /** Why nothing may advance or be promoted; undefined where it may. */
  readonly held: string | undefined;
  /** Why the metrics cannot be read; undefined where they can. */
  readonly down?: string | undefined;
  /** What was measured; undefined where nothing had to be, or no window has ended. */
  readonly evidence: Evidence | undefined;
}

/** What was measured. */
export interface Evidence {
  /** The newest window of the primary. */
  readonly baseline: Sample | Missing;
  /** The newest window of the version whose entry is to go; undefined where nothing depends on it. */
  readonly former?: Sample | Missing | undefined;
  /** On those under analysis; undefined where nobody is. */
  readonly verdict: Verdict | undefined;
  /** Of whom nothing is known for how long; undefined where the newest window has everybody. */
  readonly silence?: Silence | undefined;
  /** Why the fresh baseline is none to compare with; undefined where it is one. */
  readonly broken?: string | undefined;
  /** How the split differs from the one that is declared; undefined where it does not. */
  readonly unsynced?: Unsynced | undefined;
}

/** A release as it is looked at. */
export interface Seen {
  readonly scene: Scene;
  readonly state: State;
  readonly look: Look;
  readonly stand: Stand;
  readonly ground: Ground;
}
