import { randomBytes } from 'node:crypto';
import type { CommitPlan } from './plan.js';

/** Gives the commits of one run a trailer of its own, and finds the plan that a marked one was. */
export interface PassMark {
  mark(plans: readonly CommitPlan[]): readonly CommitPlan[];
  unmarked(plan: CommitPlan): CommitPlan;
}

/**
 * Returns a mark that no other run has: two evaluators that decide the same in the same second would make the very same
 * commits, and each take them for its own.
 */
export function passMark(): PassMark {
  const pass = randomBytes(4).toString('hex');
  const originals = new WeakMap<CommitPlan, CommitPlan>();
  return {
    mark: (plans) =>
      plans.map((plan) => {
        const marked = { ...plan, trailers: { ...plan.trailers, pass } };
        originals.set(marked, plan);
        return marked;
      }),
    unmarked: (plan) => originals.get(plan) ?? plan,
  };
}
