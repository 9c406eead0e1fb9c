import type { Problem } from '../errors.js';
import type { Contradiction } from '../release/contradiction.js';
import { checkMeaning, noticesOf } from './check-meaning.js';
import { checkRest } from './check-rest.js';
import { checkShape } from './check-shape.js';
import { defaultRegistry } from './lookup.js';
import { type Identity, type ResolvedRelease, resolve } from './resolve.js';
import { configError, parseSourceText } from './source-text.js';
import { Values, valuesOf } from './values.js';

/** A values file that was read, checked and resolved. */
export interface LoadedValues {
  readonly file: string;
  readonly text: string;
  readonly identity: Identity;
  readonly values: Values;
  readonly release: ResolvedRelease;
  /** What a person should know and that stops nothing, such as keys without effect. */
  readonly notices: readonly Problem[];
}

/**
 * Reads the text of a values file.
 *
 * @param text the whole file
 * @throws ConfigError with every problem at once, as file, line, column and path
 */
export function loadValues(text: string, options: Identity & { readonly file: string }): LoadedValues {
  const { file, registry = defaultRegistry } = options;
  const source = parseSourceText(text, file);
  const problem = ({ path, message, hint }: Contradiction) => source.problem(path, message, { hint });
  const schema = registry === defaultRegistry ? Values : valuesOf(registry);
  const values = checkShape(source, schema, () => checkRest(source.data, schema, options).map(problem));
  const release = resolve(values, options);
  const found = checkMeaning(values, release, registry);
  if (found.length > 0) throw configError(found.map(problem));
  const notices = noticesOf(values, release, registry).map(problem);
  return { file, text, identity: options, values, release, notices };
}

/**
 * Reads another text of the same file, as an edit made it.
 *
 * @throws ConfigError with every problem at once
 */
export function reloadValues({ file, identity }: LoadedValues, text: string): LoadedValues {
  return loadValues(text, { ...identity, file });
}
