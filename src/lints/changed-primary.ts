import type { Contradiction } from '../release/contradiction.js';
import { changedKeys, hasVersion } from './exposure.js';
import type { Lint } from './lint.js';

/** A version that becomes the primary in the change that deploys it: everybody gets what nobody has seen. */
export const changedPrimary: Lint = {
  id: 'changed-primary',
  severity: 'error',
  needs: 'comparison',
  find({ loaded, comparison }): Contradiction[] {
    const before = comparison?.before;
    const { primary } = loaded.release.model;
    if (before === undefined || before.release.model.primary === primary) return [];
    const isNew = !hasVersion(before, primary);
    const keys = isNew ? [] : changedKeys(before, loaded, primary);
    if (!isNew && keys.length === 0) return [];
    const what = isNew ? 'that deploys it' : `that changes it (${keys.join(', ')})`;
    return [
      {
        path: ['application', 'primary'],
        message: `makes ${primary} the primary in the change ${what}`,
        hint: 'Deploy it first, without traffic, and promote it in a later commit.',
      },
    ];
  },
};
