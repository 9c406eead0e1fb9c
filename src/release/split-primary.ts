import type { Shares } from './policy.js';

/**
 * Returns who becomes the primary by a split that leaves the present one nothing: whoever has the most of it, the first
 * that is named of several; undefined where it leaves some.
 */
export function primaryBySplit(split: Shares, candidates: readonly string[]): string | undefined {
  const given = Object.entries(split).filter(([name]) => candidates.includes(name));
  const sum = given.reduce((total, [, share]) => total + share, 0);
  const most = Math.max(...given.map(([, share]) => share));
  return sum < 100 ? undefined : given.find(([, share]) => share === most)?.[0];
}
