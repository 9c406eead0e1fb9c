import { ConfigError } from '../errors.js';
import type { LoadedValues } from '../values/load.js';

/** Returns whether two values files are of one release, wherever they lie; one that is broken is of none. */
export function isSameRelease(a: LoadedValues | ConfigError, b: LoadedValues | ConfigError): boolean {
  if (a instanceof ConfigError || b instanceof ConfigError) return false;
  const [old, now] = [a.release.model, b.release.model];
  return old.name === now.name && old.namespace === now.namespace;
}
