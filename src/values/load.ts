import { checkMeaning } from './check-meaning.js';
import { checkShape } from './check-shape.js';
import { type Identity, type ResolvedRelease, resolve } from './resolve.js';
import { configError, parseSourceText } from './source-text.js';
import { Values } from './values.js';

/** A values file that was read, checked and resolved. */
export interface LoadedValues {
  readonly file: string;
  readonly text: string;
  readonly identity: Identity;
  readonly values: Values;
  readonly release: ResolvedRelease;
}

/**
 * Reads the text of a values file.
 *
 * @param text the whole file
 * @throws ConfigError with every problem at once, as file, line, column and path
 */
export function loadValues(text: string, options: Identity & { readonly file: string }): LoadedValues {
  const { file } = options;
  const source = parseSourceText(text, file);
  const values = checkShape(source, Values);
  const release = resolve(values, options);
  const found = checkMeaning(values, release);
  if (found.length > 0) {
    throw configError(found.map(({ path, message, hint }) => source.problem(path, message, { hint })));
  }
  return { file, text, identity: options, values, release };
}

/**
 * Reads another text of the same file, as an edit made it.
 *
 * @throws ConfigError with every problem at once
 */
export function reloadValues({ file, identity }: LoadedValues, text: string): LoadedValues {
  return loadValues(text, { ...identity, file });
}
