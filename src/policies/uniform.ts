import type { Policy } from '../release/policy.js';
import { exploring } from './exploring.js';

/** Iter8's uniform: every version gets as much as any other, and the judge alone decides who stays. */
export const uniform = { id: 'uniform', ...exploring(Number.POSITIVE_INFINITY) } as const satisfies Policy;
