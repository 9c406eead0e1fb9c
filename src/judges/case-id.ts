import * as z from 'zod';

/** What every case may carry beside its question. */
export const caseId = {
  /** Comes back in the answer. */
  id: z.union([z.string(), z.number()]).optional(),
  /** What somebody else answered; not read, so that reference cases can be fed as they are. */
  expected: z.unknown().optional(),
};
