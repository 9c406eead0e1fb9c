import { unifiedDiff } from './unified-diff.js';

/** A rendered object as it would be written. */
export interface ObjectText {
  /** Such as `VirtualService shop/reviews`; unique in its release. */
  readonly name: string;
  readonly yaml: string;
}

/** An object that is not the same on both sides. */
export interface ObjectChange {
  readonly object: string;
  readonly status: 'added' | 'removed' | 'changed';
  /** Hunks as `diff -u` prints them. */
  readonly diff: string;
}

/** Returns the objects that differ, in the order in which they are applied; those that are gone come last. */
export function objectChanges(before: readonly ObjectText[], after: readonly ObjectText[]): ObjectChange[] {
  const old = new Map(before.map(({ name, yaml }) => [name, yaml]));
  const now = new Set(after.map(({ name }) => name));
  const kept = after.map(({ name, yaml }): ObjectChange => {
    const status = old.has(name) ? 'changed' : 'added';
    return { object: name, status, diff: unifiedDiff(old.get(name) ?? '', yaml) };
  });
  const gone = before
    .filter(({ name }) => !now.has(name))
    .map(({ name, yaml }): ObjectChange => ({ object: name, status: 'removed', diff: unifiedDiff(yaml, '') }));
  return [...kept, ...gone].filter(({ diff }) => diff !== '');
}
