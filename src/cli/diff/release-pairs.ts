import { isSameRelease } from '../same-release.js';
import type { ReleaseEntry } from '../workspace.js';

/** A release on both sides, or on the one where it is. */
export interface ReleasePair {
  readonly before: ReleaseEntry | undefined;
  readonly after: ReleaseEntry | undefined;
  /** Its folder, the new one where it moved. */
  readonly id: string;
}

/**
 * Returns the releases of two workspaces side by side, in the order of their folders. A folder that is there no longer
 * goes with the new one that holds the same release.
 */
export function releasePairs(before: readonly ReleaseEntry[], after: readonly ReleaseEntry[]): ReleasePair[] {
  const kept = new Set(after.map(({ id }) => id));
  const gone = new Set(before.filter(({ id }) => !kept.has(id)));
  const pairs = after.map((entry): ReleasePair => {
    const known =
      before.find(({ id }) => id === entry.id) ?? [...gone].find((each) => isSameRelease(each.loaded, entry.loaded));
    if (known !== undefined) gone.delete(known);
    return { before: known, after: entry, id: entry.id };
  });
  const lost = [...gone].map((entry): ReleasePair => ({ before: entry, after: undefined, id: entry.id }));
  return [...pairs, ...lost].sort((a, b) => (a.id < b.id ? -1 : 1));
}
