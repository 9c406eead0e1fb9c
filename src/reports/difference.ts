import type { Problem } from '../errors.js';
import type { Change } from './change.js';
import type { ObjectChange } from './object-changes.js';

/** What became of one release. */
export interface ReleaseDifference {
  /** Its folder below that of the releases, such as `team/reviews`. */
  readonly release: string;
  /** `same` where the values are written differently and mean the same. */
  readonly status: 'added' | 'removed' | 'changed' | 'same';
  /** What a reviewer should see first is at the front. */
  readonly changes: readonly Change[];
  readonly objects: readonly ObjectChange[];
}

/** What could not be compared, and why. */
export interface Obstacle {
  /** Absent where it is the settings of the workspace. */
  readonly release?: string;
  /** The side on which it stands, such as `HEAD` or `the workspace`. */
  readonly side: string;
  /** With positions where there are any, and hints. */
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** All that differs between two workspaces. */
export interface Difference {
  /** What the workspace was compared with, as it was asked for. */
  readonly against: string;
  /** Of the settings in sluice.yaml. */
  readonly workspace: readonly Change[];
  /** Only those in which anything differs, by their names. */
  readonly releases: readonly ReleaseDifference[];
  readonly errors: readonly Obstacle[];
}

/** Returns whether anything means something else than before. */
export function isDifferent({ workspace, releases }: Difference): boolean {
  return workspace.length > 0 || releases.some(({ status }) => status !== 'same');
}

/** Returns what the changes and the objects together say, where one of them is silent. */
export function noteOn({ status, changes, objects }: ReleaseDifference): string | undefined {
  if (status === 'same') return 'the values are written differently and mean the same';
  if (objects.length === 0) return 'no object changes';
  return changes.length === 0 ? 'only the objects differ, as the YAML shows' : undefined;
}

/** Returns how many objects differ, such as `2 objects: 1 changed, 1 added`. */
export function objectCount(objects: readonly ObjectChange[]): string {
  const parts = (['changed', 'added', 'removed'] as const).flatMap((status) => {
    const count = objects.filter((each) => each.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  return `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}: ${parts.join(', ')}`;
}

/** Returns what is said where nothing else is. */
export function sameAs({ against }: Difference): string {
  return `no difference from ${against}`;
}
