import * as z from 'zod';

/** What every case may carry beside its question. */
export const caseId = {
  /** Comes back in the answer. */
  id: z.union([z.string(), z.number()], 'is neither a text nor a number: give one of them, or take it out').optional(),
  /** What somebody else answered; not read, so that reference cases can be fed as they are. */
  expected: z.unknown().optional(),
};

/** A count, as far as a double holds every integer: beyond that one request more or less is lost. */
export const caseCount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

/** As much as a judge takes; what is more is no measurement. */
const LARGEST = 1e100;

/** A value of either sign whose sums and squares are still numbers. */
export const caseValue = z.number().min(-LARGEST).max(LARGEST);
