import type { Policy } from '../release/policy.js';
import { exploring } from './exploring.js';

/** Iter8's top_2: the two best versions share the requests, so that these two are told apart soonest. */
export const top2 = { id: 'top-2', ...exploring(2) } as const satisfies Policy;
