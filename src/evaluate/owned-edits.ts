import type { ReleaseModel } from '../release/model.js';
import type { Allocation } from '../release/strategy.js';
import type { Edit } from '../values/edit.js';
import type { Values } from '../values/values.js';

/** The scalars of one version that the evaluator owns. */
const owned = ['weight', 'routed'] as const;

/**
 * Returns the edits that bring the values to an allocation: the owned scalars that differ, and before them the names
 * that so far followed from positions, so that no later insertion renames what runs.
 */
export function ownedEdits(values: Values, model: ReleaseModel, allocation: Allocation): Edit[] {
  const names = pinNames(values, model);
  // Where the names follow from positions, so does the primary; else it is written when it changes.
  const primaryMoves = allocation.primary !== model.primary || (names.length > 0 && !values.application.primary);
  const primary = { path: ['application', 'primary'], value: allocation.primary };
  return [...names, ...(primaryMoves ? [primary] : []), ...exposures(model, allocation)];
}

function pinNames({ application }: Values, { versions }: ReleaseModel): Edit[] {
  return versions.flatMap(({ instance }, position) =>
    application.versions[position]?.metadata?.name === undefined
      ? [{ path: ['application', 'versions', position, 'metadata', 'name'], value: instance }]
      : [],
  );
}

function exposures(model: ReleaseModel, { versions }: Allocation): Edit[] {
  return model.versions.flatMap((version, position) =>
    owned.flatMap((key): Edit[] => {
      const value = versions[version.name]?.[key];
      if (value === undefined || value === version[key]) return [];
      return [{ path: ['application', 'versions', position, key], value }];
    }),
  );
}
