import type { Policy } from '../release/policy.js';
import { steps } from './steps.js';

/** Every policy by its id; adding one is a file and a line here. */
export const policies = { steps } as const satisfies Record<string, Policy>;

/** The id of a policy. */
export type PolicyId = keyof typeof policies;
