import type { Moves } from '../release/policy.js';
import type { Strategy } from '../release/strategy.js';

/** Returns what the percents of a release are: shares of the requests, copies, or nothing where a match decides. */
export function movesOf({ needs }: Pick<Strategy, 'needs'>): Moves {
  if (needs === 'match') return 'nothing';
  return needs === 'mirror' ? 'copies' : 'shares';
}

/** Returns what a candidate has or gets in words; 100 % of what matches may be none of all requests. */
export function amountOf(moves: Moves, share: number): string {
  if (moves === 'nothing') return share === 0 ? 'nothing' : 'what matches';
  return moves === 'copies' ? `copies of ${share} %` : `${share} %`;
}
