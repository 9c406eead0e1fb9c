import type { Objective, Reward } from '../../release/evaluation.js';
import type { Line, Region } from '../../stats/region-probability.js';

/** One limit of an objective: the value is at most or at least constant + ratio × the baseline's. */
export interface Limit extends Line {
  readonly side: 'upper' | 'lower';
}

/** Returns the limits of an objective; where versions are not comparable only those that do not move. */
export function limitsOf({ upperLimit, lowerLimit, maxRatio, minRatio }: Objective, comparable = true): Limit[] {
  const fixed = (side: Limit['side'], constant: number | undefined): Limit[] =>
    constant === undefined ? [] : [{ side, constant, ratio: 0 }];
  const moving = (side: Limit['side'], ratio: number | undefined): Limit[] =>
    ratio === undefined || !comparable ? [] : [{ side, constant: 0, ratio }];
  const absolute = [...fixed('upper', upperLimit), ...fixed('lower', lowerLimit)];
  return [...absolute, ...moving('upper', maxRatio), ...moving('lower', minRatio)];
}

/** Whether a limit moves with the baseline. */
export function isMoving({ ratio }: Limit): boolean {
  return ratio !== 0;
}

/** Returns where a value keeps all of the limits. */
export function regionOf(limits: readonly Limit[]): Region {
  return {
    uppers: limits.filter(({ side }) => side === 'upper'),
    lowers: limits.filter(({ side }) => side === 'lower'),
  };
}

/** Returns from where to where the baseline keeps them itself: limits that move with it do not bind it. */
export function reachOf(limits: readonly Limit[]): readonly [number, number] {
  const { uppers, lowers } = regionOf(limits.filter((limit) => !isMoving(limit)));
  return [Math.max(...lowers.map(({ constant }) => constant)), Math.min(...uppers.map(({ constant }) => constant))];
}

/** Whether a number keeps all of the limits. */
export function keeps(value: number, limits: readonly Limit[], reference: number): boolean {
  return limits.every(({ side, constant, ratio }) => {
    const limit = constant + ratio * reference;
    return side === 'upper' ? value <= limit : value >= limit;
  });
}

/** Returns the limit that a value keeps by being better than the one it is compared with. */
export function betterThan({ preferredDirection }: Pick<Reward, 'preferredDirection'>): Limit {
  return { side: preferredDirection === 'high' ? 'lower' : 'upper', constant: 0, ratio: 1 };
}
