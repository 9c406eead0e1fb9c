import type { Contradiction } from '../release/contradiction.js';
import type { Lint } from './lint.js';

/** A `rollbackWindow` in which nothing can fail: nobody is left to compare with, and no limit stands by itself. */
export const unwatchedPromotion: Lint = {
  id: 'unwatched-promotion',
  severity: 'warning',
  find({ loaded: { release } }): Contradiction[] {
    const { analysis, rollout } = release;
    if (analysis === undefined || !rollout?.rollbackWindow) return [];
    // Its scores are those of a comparison, whatever the limits.
    const compares = analysis.judge === 'kayenta';
    const limits = analysis.objectives.filter(({ upperLimit, lowerLimit }) => (upperLimit ?? lowerLimit) !== undefined);
    if (limits.length > 0 && !compares) return [];
    const why = compares ? 'the judge kayenta only compares' : 'all objectives compare with the primary';
    const message = `watches nothing: ${why}, and after a promotion nobody is left to compare with`;
    const hint = compares
      ? 'Watch with another judge, or take rollbackWindow out.'
      : 'Give an objective an upperLimit or a lowerLimit, or take rollbackWindow out.';
    return [{ path: ['rollout', 'rollbackWindow'], message, hint }];
  },
};
