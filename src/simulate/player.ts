import type { LedgerRow } from '../release/evaluation.js';

/** How a release ends. */
export type Outcome = 'promoted' | 'rolled back' | 'inconclusive';

/** What a player has decided. */
export interface Turn {
  /** The candidate's percent of the requests from here on. */
  readonly share: number;
  /** Whether the candidate was promoted or rolled back just now. */
  readonly decided: boolean;
  /** Whether that took a judgement. */
  readonly judged: boolean;
  /** Undefined while there is more to decide. */
  readonly outcome: Outcome | undefined;
}

/** Whoever decides on a simulated release. */
export interface Player {
  /**
   * Decides after a window; not asked again once there is an outcome.
   *
   * @param rows every window so far, with the first that ended at the interval
   * @param now seconds from the start of the first window
   */
  turn(rows: readonly LedgerRow[], now: number): Turn;
}
