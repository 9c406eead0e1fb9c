import type { Policy } from '../release/policy.js';
import { exploring } from './exploring.js';

/** Iter8's progressive: a version gets requests as probable as it is that it is the best one. */
export const progressive = { id: 'progressive', ...exploring(1) } as const satisfies Policy;
