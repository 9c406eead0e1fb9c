/** Returns a moment as people read it, such as `2026-02-02T02:52:05Z`: UTC, without fractions of a second. */
export function isoTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
