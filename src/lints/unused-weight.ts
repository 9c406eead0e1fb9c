import { versionPath } from '../values/version-path.js';
import type { Lint } from './lint.js';

/** A weight beside a strategy that divides nothing, which its author may well believe in. */
export const unusedWeight: Lint = {
  id: 'unused-weight',
  severity: 'warning',
  find({ loaded: { values, release } }) {
    const { id, needs } = release.strategy;
    if (needs === 'weight' || needs === 'mirror') return [];
    return values.application.versions.flatMap(({ weight }, position) =>
      weight === undefined
        ? []
        : [
            {
              path: versionPath(position, 'weight'),
              message: `is ${weight}, which the strategy ${id} does not use`,
              hint:
                needs === 'match'
                  ? 'Remove it: routed: true or false lets the version in or keeps it out.'
                  : 'Remove it, or choose blue-green, which divides requests by weights.',
            },
          ],
    );
  },
};
