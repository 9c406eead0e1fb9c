import { ruleFor } from '../release/route-plan.js';
import type { Strategy } from '../release/strategy.js';

/** Every request goes to the primary; a candidate is deployed and gets nothing. */
export const none = {
  id: 'none',
  aliases: [],
  needs: undefined,
  reporter: 'source',
  plan: ({ primary }) => ({ rules: [ruleFor(primary)] }),
  expose: ({ primary }) => ({ primary, versions: {} }),
  exposureOf: () => 0,
  grant: () => 0,
  promote: (_release, candidate) => ({ primary: candidate, versions: {} }),
} as const satisfies Strategy;
