import type { Policy } from '../release/policy.js';
import { progressive } from './progressive.js';
import { riskBudget } from './risk-budget.js';
import { steps } from './steps.js';
import { top2 } from './top-2.js';
import { uniform } from './uniform.js';

/** Every policy by its id; adding one is a file and a line here. */
export const policies = {
  'risk-budget': riskBudget,
  progressive,
  'top-2': top2,
  uniform,
  steps,
} as const satisfies Record<string, Policy>;

/** The id of a policy. */
export type PolicyId = keyof typeof policies;
