import { InternalError } from '../errors.js';

/**
 * Returns the error for an argument that no caller should have passed. What people write and what metric servers
 * answer is checked where it comes in, so a value outside the domain of a formula is a defect.
 */
export function domainError(what: string, { required, current }: DomainProblem): InternalError {
  return new InternalError(`Cannot compute ${what} as ${required}: ${current}`, { code: 'stats/domain' });
}

interface DomainProblem {
  /** What the formula takes, such as `df > 0`. */
  readonly required: string;
  readonly current: number | string;
}
