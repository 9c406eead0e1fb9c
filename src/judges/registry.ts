import type { Judge } from '../release/judge.js';
import { bayesian } from './bayesian.js';
import { kayenta } from './kayenta.js';
import { sequential } from './sequential.js';
import { threshold } from './threshold.js';

/** Every judge by its id; adding one is a file and a line here. */
export const judges = { sequential, kayenta, bayesian, threshold } as const satisfies Record<string, Judge>;

/** The id of a judge. */
export type JudgeId = keyof typeof judges;
