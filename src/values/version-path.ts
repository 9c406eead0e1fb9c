import type { PathSegment } from '../release/contradiction.js';

/** Where the versions stand in the values. */
export const versionsPath = ['application', 'versions'] as const;

/** Returns where the version of that position, or a part of it, stands in the values. */
export function versionPath(position: number, ...rest: readonly PathSegment[]): PathSegment[] {
  return [...versionsPath, position, ...rest];
}
