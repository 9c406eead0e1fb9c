import type { Departure, Reached } from './play.js';
import { played } from './play.js';
import { isUsual, MOST_SHARES } from './steps-ahead.js';

/** What several candidates come to beside one another. */
export interface Together {
  /** What they have after each change of the shares; of very many, where one of them comes to a usual share. */
  readonly reached: readonly Reached[];
  /** When the time of their analysis is up; Unix seconds. */
  readonly due: number | undefined;
}

/** Plays a release with all its candidates: what policy and phases give each, while all pass and nobody wins. */
export function togetherFrom(departure: Departure): Together {
  const { reached, due } = played(departure, false);
  const changes = reached.filter(({ shares }, i) => !isSame(shares, reached[i - 1]?.shares));
  const isShown = ({ shares }: Reached, i: number) => {
    const [share, before] = [mostOf(shares), mostOf(changes[i - 1]?.shares ?? {})];
    return i === 0 || i === changes.length - 1 || isUsual(before, share);
  };
  return { reached: changes.length <= MOST_SHARES ? changes : changes.filter(isShown), due };
}

function isSame(shares: Reached['shares'], before: Reached['shares'] = {}): boolean {
  return Object.entries(shares).every(([name, share]) => before[name] === share);
}

function mostOf(shares: Reached['shares']): number {
  return Math.max(0, ...Object.values(shares));
}
