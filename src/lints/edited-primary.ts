import type { Contradiction } from '../release/contradiction.js';
import { versionPlace } from '../release/model.js';
import { changedKeys, hasVersion } from './exposure.js';
import type { Lint } from './lint.js';

/** A primary that is changed in place although its release asks for an analysis: everybody gets it unjudged. */
export const editedPrimary: Lint = {
  id: 'edited-primary',
  severity: 'warning',
  needs: 'comparison',
  find({ loaded, comparison }): Contradiction[] {
    const before = comparison?.before;
    const { model, analysis } = loaded.release;
    const { primary } = model;
    if (before === undefined || analysis === undefined || before.release.model.primary !== primary) return [];
    const [key, ...more] = hasVersion(before, primary) ? changedKeys(before, loaded, primary) : [];
    if (key === undefined) return [];
    return [
      {
        path: versionPlace(model, primary, key),
        message: `changes the primary ${primary} in place (${[key, ...more].join(', ')}), past the analysis`,
        hint: 'Add the change as a version of its own: sluice candidate.',
      },
    ];
  },
};
