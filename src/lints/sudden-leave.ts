import type { Contradiction } from '../release/contradiction.js';
import { versionsPath } from '../values/version-path.js';
import { hasVersion, isExposed } from './exposure.js';
import type { Lint } from './lint.js';

/** A version that leaves route and workload in one change: its pods end before every proxy knows that it left. */
export const suddenLeave: Lint = {
  id: 'sudden-leave',
  severity: 'error',
  needs: 'comparison',
  find({ loaded, comparison }): Contradiction[] {
    const before = comparison?.before;
    if (before === undefined) return [];
    const [old, now] = [before, loaded].map(({ release: { model } }) => `${model.namespace}/${model.name}`);
    if (old !== now) {
      const message = `makes ${now} of ${old}, which leaves at once: requests to it find neither a route nor pods`;
      const hint = 'Add it as a release of its own, send its callers there, and remove this one in a later commit.';
      return [{ path: ['application', 'metadata'], message, hint }];
    }
    return before.release.model.versions
      .filter(({ name, external }) => external === undefined && isExposed(before, name) && !hasVersion(loaded, name))
      .map(({ name }) => ({
        path: versionsPath,
        message: `lose ${name}, which is routed: requests are lost while its pods end before the route is known`,
        hint: 'Take it out of the route first (weight: 0, or routed: false), and remove it in a later commit.',
      }));
  },
};
