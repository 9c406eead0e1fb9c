import type { ReleaseModel } from '../release/model.js';
import type { Allocation } from '../release/strategy.js';
import type { Edit } from '../values/edit.js';
import type { Values } from '../values/values.js';

/** The scalars of one version that the evaluator owns. */
const owned = ['weight', 'routed'] as const;

/**
 * Returns the edits that bring the values to an allocation: the owned scalars that differ, and before them the names
 * and the primary that so far followed from positions, so that no later insertion renames or promotes what runs.
 */
export function ownedEdits(values: Values, model: ReleaseModel, allocation: Allocation): Edit[] {
  const primary = { path: ['application', 'primary'], value: allocation.primary };
  return [
    ...pinNames(values, model),
    ...(values.application.primary === allocation.primary ? [] : [primary]),
    ...exposures(model, allocation),
  ];
}

function pinNames({ application }: Values, { versions }: ReleaseModel): Edit[] {
  return versions.flatMap(({ name }, position) =>
    application.versions[position]?.metadata?.name === undefined
      ? [{ path: ['application', 'versions', position, 'metadata', 'name'], value: name }]
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
