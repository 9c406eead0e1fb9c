const units: { readonly [unit: string]: number } = { h: 3600, m: 60, s: 1 };

/** A duration as Go writes it, in hours, minutes and seconds. */
export const durationPattern = /^([0-9]+h)?([0-9]+m)?([0-9]+s)?$/;

/** Returns the seconds of a duration such as `90s` or `1h30m`; the text fits `durationPattern` and is not empty. */
export function seconds(duration: string): number {
  return [...duration.matchAll(/([0-9]+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}
