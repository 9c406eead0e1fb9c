import * as z from 'zod';

const units: { readonly [unit: string]: number } = { h: 3600, m: 60, s: 1 };

const wording = 'is no duration: write hours, minutes and seconds such as 60s, 30m or 1h30m';

/** A duration as Go writes it, in hours, minutes and seconds; above 0. */
export const Duration = z
  .string({ error: wording })
  .regex(/^(?=.*[1-9])([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$/, wording);

const orNone = `${wording}, or 0s for none`;

/** A duration that may be none. */
export const DurationOrNone = z
  .string({ error: orNone })
  .regex(/^[0-9]{1,6}(h([0-9]{1,6}m)?([0-9]{1,6}s)?|m([0-9]{1,6}s)?|s)$/, orNone);

/** Returns the seconds of a `Duration`. */
export function seconds(duration: string): number {
  return [...duration.matchAll(/(?<![0-9])([0-9]+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}
