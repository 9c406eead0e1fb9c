const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** Returns how long ago a time was, such as `12 min`; what is yet to come was just now. */
export function ageOf(time: string | undefined, now: number): string {
  const then = Date.parse(time ?? '') / 1000;
  if (Number.isNaN(then)) return '';
  const seconds = Math.max(0, Math.floor(now - then));
  const [size, unit] = units.find(([each]) => seconds >= each) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}
