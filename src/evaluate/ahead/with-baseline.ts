import { addVersion } from '../../values/add-version.js';
import { baselineEntry } from '../../values/baseline-entry.js';
import { type LoadedValues, reloadValues } from '../../values/load.js';
import { baselineNameIn } from '../phases/baseline.js';
import { castOf } from '../scene-of.js';

/** Returns whether a fresh baseline is asked for that is not there yet. */
export function needsBaseline(loaded: LoadedValues): boolean {
  const { fresh, baseline } = castOf(loaded);
  return fresh === true && baseline === undefined;
}

/**
 * Returns a release with the fresh baseline that the evaluator deploys before it lets a candidate in.
 *
 * @throws ConfigError when it cannot be written in place, or its values would be refused
 */
export function withBaselineFor(loaded: LoadedValues, candidate: string): LoadedValues {
  const { file, text } = loaded;
  const entry = baselineEntry(loaded, baselineNameIn(castOf(loaded)), candidate);
  return reloadValues(loaded, addVersion(text, entry, { file }));
}
