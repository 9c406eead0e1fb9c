import * as z from 'zod';
import { PlainLine } from '../plain-line.js';

/** A point in time as people and programs agree on it. */
export const Until = z.iso.datetime({
  offset: true,
  error: 'is no point in time: write it with its time zone, as 2026-12-27T08:00:00Z or 2026-12-27T09:00:00+01:00',
});

/** `freeze` in `sluice.yaml`. */
export const FreezeFile = z.strictObject({
  reason: PlainLine.optional(),
  until: Until.optional(),
  by: PlainLine.optional(),
});

/** While it stands, nothing advances and nothing is promoted in the whole workspace. */
export type Freeze = z.infer<typeof FreezeFile>;

/** Returns whether a freeze is over by a time in Unix seconds; one without an end never is. */
export function isOver({ until }: Freeze, now: number): boolean {
  return until !== undefined && Date.parse(until) / 1000 <= now;
}
