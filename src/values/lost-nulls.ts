import type { Problem } from '../errors.js';
import type { PathSegment } from '../release/contradiction.js';
import type { LoadedValues } from './load.js';
import { parseSourceText } from './source-text.js';

/**
 * Returns a notice for every `null` that Helm 4 takes out of a chart's own values: those of maps outside of lists. Only
 * in what is merged over a workload does a `null` say more than nothing.
 */
export function lostNulls({ file, text, values }: LoadedValues): Problem[] {
  const paths = (['deployment', 'inferenceService'] as const).flatMap((key) =>
    nullsOf(values.application[key], ['application', key]).map((path) => ({ path, key })),
  );
  if (paths.length === 0) return [];
  const source = parseSourceText(text, file);
  return paths.map(({ path, key }) =>
    source.problem(path, 'is null, which Helm 4 drops from the values inside a chart, so that nothing is removed', {
      hint: `Give the file with -f as well, or write this in application.versions[].${key}, where Helm keeps it.`,
      atKey: true,
    }),
  );
}

function nullsOf(value: unknown, path: readonly PathSegment[]): (readonly PathSegment[])[] {
  if (value === null) return [path];
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, below]) => nullsOf(below, [...path, key]));
}
