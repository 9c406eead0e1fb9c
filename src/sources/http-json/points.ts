/** What an expression gave: by the end of its window, a number as text, or words on what it is instead. */
export type Points = ReadonlyMap<number, string | { readonly unreadable: string }>;

/**
 * Returns the value of one window: a number. Nothing, also as `null`, is no value.
 *
 * @param end of the window, Unix seconds
 */
export function onePoint(result: unknown, end: number): Points {
  const value = numberIn(result);
  return value === undefined ? new Map() : new Map([[end, value]]);
}

/** Returns the values of many windows: a list of `{end, value}`. JSONata gives a list of one as the one. */
export function manyPoints(result: unknown): Points | { readonly unreadable: string } {
  if (result === undefined || result === null) return new Map();
  const points = new Map<number, string | { readonly unreadable: string }>();
  for (const point of Array.isArray(result) ? result : [result]) {
    if (!isPoint(point)) return { unreadable: `${kindOf(point)} in place of {end, value}` };
    const value = numberIn(point.value);
    if (value !== undefined) points.set(point.end, value);
  }
  return points;
}

function isPoint(point: unknown): point is { readonly end: number; readonly value: unknown } {
  if (typeof point !== 'object' || point === null || !('end' in point)) return false;
  return typeof point.end === 'number';
}

function numberIn(value: unknown): string | { readonly unreadable: string } | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' ? `${value}` : { unreadable: `${kindOf(value)} in place of a number` };
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  const kinds: Readonly<Record<string, string>> = { string: 'a text', object: 'a map', boolean: 'true or false' };
  return kinds[typeof value] ?? `a ${typeof value}`;
}
