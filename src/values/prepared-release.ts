import { withSessions } from '../environments/cookie-affinity.js';
import type { Prepared } from '../release/environment.js';
import type { ResolvedRelease } from './resolve.js';

/** Returns a release and its plan as its environment writes them. */
export function preparedRelease({ environment, strategy, model }: ResolvedRelease): Prepared {
  const rules = strategy.plan(model);
  const plan = environment.supports.includes('cookie-affinity') ? withSessions(model, rules) : rules;
  return environment.prepare?.(model, plan) ?? { release: model, plan };
}
