import { isDeepStrictEqual } from 'node:util';
import { identityOf } from '../evaluate/identity.js';
import type { LoadedValues } from '../values/load.js';

/** Returns whether requests or their copies reach a version. */
export function isExposed({ release: { model, strategy } }: LoadedValues, name: string): boolean {
  if (!has(model.versions, name)) return false;
  return name === model.primary || strategy.exposureOf(model, name) > 0;
}

/** Returns whether the release has a version of that name. */
export function hasVersion({ release: { model } }: LoadedValues, name: string): boolean {
  return has(model.versions, name);
}

/**
 * Returns the keys of a version's entry that make it another version than it was; none where it is the same for the
 * evaluator. It is in both.
 */
export function changedKeys(before: LoadedValues, after: LoadedValues, name: string): string[] {
  if (identityOf(before, name) === identityOf(after, name)) return [];
  const [old, now] = [entryOf(before, name), entryOf(after, name)];
  const keys = [...new Set([...Object.keys(now), ...Object.keys(old)])];
  return keys.filter((key) => !isDeepStrictEqual(old[key], now[key]));
}

function has(versions: readonly { readonly name: string }[], name: string): boolean {
  return versions.some((version) => version.name === name);
}

function entryOf({ values, release }: LoadedValues, name: string): { readonly [key: string]: unknown } {
  const position = release.model.versions.findIndex((version) => version.name === name);
  const { weight: _, routed: __, ...entry } = values.application.versions[position] ?? {};
  return entry;
}
