import * as z from 'zod';
import type { Freeze } from '../../release/policy.js';
import { PlainLine } from '../plain-line.js';

/** A point in time as people and programs agree on it. */
export const Until = z.iso.datetime({
  offset: true,
  error: 'is no point in time: write it with its time zone, as 2026-12-27T08:00:00Z or 2026-12-27T09:00:00+01:00',
});

/** `freeze` in `sluice.yaml`, for the whole workspace, and below `rollout` of a release, for that. */
export const FreezeFile = z.strictObject({
  reason: PlainLine.optional().describe('why'),
  until: Until.optional().describe('when it ends; default never'),
  by: PlainLine.optional().describe('who asked for it'),
});

/** Returns whether a freeze is over by a time in Unix seconds; one without an end never is. */
export function isOver({ until }: Freeze, now: number): boolean {
  return until !== undefined && Date.parse(until) / 1000 <= now;
}
