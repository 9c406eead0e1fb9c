import type { Problem } from '../errors.js';
import type { Contradiction } from '../release/contradiction.js';
import { checkMeaning, noticesOf } from './check-meaning.js';
import { checkRest } from './check-rest.js';
import { checkShape } from './check-shape.js';
import type { Edit } from './edit.js';
import { defaultRegistry } from './lookup.js';
import { type Identity, type ResolvedRelease, resolve } from './resolve.js';
import { withShared } from './shared-analysis.js';
import { withValue } from './slot.js';
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
  const source = withShared(parseSourceText(text, file), options.analyses);
  const problem = ({ path, message, hint }: Contradiction) => source.problem(path, message, { hint });
  const schema = registry === defaultRegistry ? Values : valuesOf(registry);
  const rest = () => [...source.faults, ...checkRest(source.data, schema, options).map(problem)];
  const values = checkShape(source, schema, rest);
  if (source.faults.length > 0) throw configError(source.faults);
  if (!source.isOpen) return checked({ file, text, identity: options, values }, problem);
  const loaded = checked({ file, text, identity: options, values: { ...values, rollout: undefined } }, problem);
  return { ...loaded, notices: [...loaded.notices, problem(openUse)] };
}

const openUse: Contradiction = {
  path: ['analysis', 'use'],
  message: 'is not looked up, since no sluice.yaml is read here: neither analysis nor rollout is checked',
  hint: 'Nothing that is rendered depends on them; sluice validate checks them in a workspace.',
};

function checked(
  read: Omit<LoadedValues, 'release' | 'notices'>,
  problem: (contradiction: Contradiction) => Problem,
): LoadedValues {
  const { values, identity } = read;
  const { registry = defaultRegistry } = identity;
  const release = resolve(values, identity);
  const found = checkMeaning(values, release, registry);
  if (found.length > 0) throw configError(found.map(problem));
  const notices = noticesOf(values, release, registry).map(problem);
  return { ...read, release, notices };
}

/**
 * Returns the release as it would be with these scalars set. Its text stays as it is, and problems are placed in that: it
 * is parsed only where there are any.
 *
 * @throws ConfigError with every problem at once
 */
export function revalued({ file, text, identity, values }: LoadedValues, edits: readonly Edit[]): LoadedValues {
  const edited = edits.reduce<unknown>((data, { path, value }) => withValue(data, path, value), values) as Values;
  let source: ReturnType<typeof withShared> | undefined;
  return checked({ file, text, identity, values: edited }, ({ path, message, hint }) => {
    source ??= withShared(parseSourceText(text, file), identity.analyses);
    return source.problem(path, message, { hint });
  });
}

/**
 * Reads another text of the same file, as an edit made it.
 *
 * @throws ConfigError with every problem at once
 */
export function reloadValues({ file, identity }: LoadedValues, text: string): LoadedValues {
  return loadValues(text, { ...identity, file });
}
