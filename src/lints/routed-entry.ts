import { candidatesOf, versionPlace } from '../release/model.js';
import { changedKeys, hasVersion, isExposed } from './exposure.js';
import type { Lint } from './lint.js';

/** A candidate that comes with its route: requests go to it before its pods are there. */
export const routedEntry: Lint = {
  id: 'routed-entry',
  severity: 'warning',
  needs: 'comparison',
  find({ loaded, comparison }) {
    const { model, strategy } = loaded.release;
    const before = comparison?.before;
    if (before === undefined) return [];
    const entering = candidatesOf(model).filter(({ name, external }) => {
      if (external !== undefined || !isExposed(loaded, name) || isExposed(before, name)) return false;
      return !hasVersion(before, name) || changedKeys(before, loaded, name).length > 0;
    });
    const [key, out] = strategy.needs === 'match' ? ['routed', 'routed: false'] : ['weight', 'weight: 0'];
    return entering.map(({ name }) => ({
      path: versionPlace(model, name, key),
      message: `routes requests to ${name} in the change that deploys it, before its pods are there`,
      hint: `Let it in with ${out}, and route it in a later commit; the evaluator does so once it has an analysis.`,
    }));
  },
};
