import { candidatesOf, versionPlace } from '../release/model.js';
import { changedKeys, hasVersion, isExposed } from './exposure.js';
import type { Lint } from './lint.js';

/** A candidate that becomes another one while it is routed: what was learnt of the old one lets the new one stay. */
export const changedCandidate: Lint = {
  id: 'changed-candidate',
  severity: 'error',
  needs: 'comparison',
  find({ loaded, comparison }) {
    const before = comparison?.before;
    if (before === undefined) return [];
    const { model, strategy } = loaded.release;
    return candidatesOf(model).flatMap(({ name }) => {
      if (!hasVersion(before, name) || !isExposed(before, name) || !isExposed(loaded, name)) return [];
      const [key, ...more] = changedKeys(before, loaded, name);
      if (key === undefined) return [];
      const out = strategy.needs === 'match' ? 'routed to false' : 'its weight to 0';
      return [
        {
          path: versionPlace(model, name, key),
          message: `changes ${name} (${[key, ...more].join(', ')}) while it is routed, so what runs was never judged`,
          hint: `Add it as a version of its own (sluice candidate), or set ${out} in the same change.`,
        },
      ];
    });
  },
};
