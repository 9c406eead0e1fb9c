const levels = '▁▂▃▄▅▆▇█';

/** What stands for a value that is not there. */
const missing = '·';

/**
 * Returns a line of bars, one per value, from 0 to `top`; whatever is above 0 is above the lowest bar.
 *
 * @param most columns; more values than that are put together, each bar their mean
 */
export function spark(values: readonly (number | undefined)[], top: number, most: number): string {
  return grouped(values, most)
    .map((value) => {
      if (value === undefined) return missing;
      if (value <= 0 || top <= 0) return levels[0];
      const level = Math.ceil((Math.min(value, top) / top) * (levels.length - 1));
      return levels[level];
    })
    .join('');
}

function grouped(values: readonly (number | undefined)[], most: number): (number | undefined)[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => {
    const group = values.slice(Math.floor((i * values.length) / most), Math.floor(((i + 1) * values.length) / most));
    const known = group.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}
