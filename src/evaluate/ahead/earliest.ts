import { type Departure, played } from './play.js';

/** When a candidate can have come how far at the earliest; Unix seconds. */
export interface Earliest {
  /** Returns the first pass by which it has at least so much; undefined where it never does. */
  share(percent: number): number | undefined;
  /** Undefined where it is never promoted. */
  readonly promotion: number | undefined;
  /** When the time of the analysis is up: after it only who has won goes on. Undefined where it does not begin. */
  readonly due: number | undefined;
}

/**
 * Plays a release with one candidate and no other, once where nobody wins and once where it does. What comes out is a lower
 * bound.
 */
export function earliestOf(departure: Departure): Earliest {
  const content = played(departure, false);
  const won = played(departure, true);
  return {
    promotion: won.promotion,
    due: won.due,
    share(percent) {
      const times = [content, won].flatMap(({ reached }) => {
        return reached.find(({ shares }) => Object.values(shares).some((share) => share >= percent))?.at ?? [];
      });
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
