import type { Counts } from '../../release/evaluation.js';
import { histogramCounts, meanCounts, ratioCounts } from '../custom/counts.js';

/** What is written of the counts of one metric in one window. */
export interface WrittenCounts {
  readonly count: number;
  readonly events?: number | undefined;
  readonly sum?: number | undefined;
  readonly buckets?: readonly { readonly upTo: number; readonly count: number }[] | undefined;
}

/** A column of counts, such as `checkout:count`, `checkout:events`, `basket:sum` or `wait:upTo5`. */
const column = /^([A-Za-z_][\w.-]*):(?:(count|events|sum)|upTo(\d+(?:\.\d+)?))$/;

/** Whether a column holds counts of a metric of one's own. */
export function isCountColumn(name: string): boolean {
  return column.test(name);
}

/** Returns the counts that the cells of a row amount to, by metric, or what is wrong with them; empty cells are left out. */
export function countsInCells(cells: ReadonlyMap<string, string>): Readonly<Record<string, Counts>> | string {
  const written = new Map<string, { figures: Map<string, number>; buckets: { upTo: number; count: number }[] }>();
  for (const [name, cell] of cells) {
    const [, metric, figure, bound] = column.exec(name) ?? [];
    if (metric === undefined || cell === '') continue;
    const value = Number(cell);
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER))
      return `${name} is ${JSON.stringify(cell)}, no number from 0`;
    const own = written.get(metric) ?? { figures: new Map<string, number>(), buckets: [] };
    written.set(metric, own);
    if (figure === undefined) own.buckets.push({ upTo: Number(bound), count: value });
    else own.figures.set(figure, value);
  }
  const all: [string, WrittenCounts][] = [];
  for (const [metric, { figures, buckets }] of written) {
    const count = figures.get('count');
    if (count === undefined) return `${metric} has no ${metric}:count`;
    const rest = { events: figures.get('events'), sum: figures.get('sum') };
    all.push([metric, { count, ...rest, ...(buckets.length > 0 && { buckets }) }]);
  }
  return countsOf(Object.fromEntries(all));
}

/** Returns the counts that are written, by metric, or what is wrong with them; a window in which nothing was counted has none. */
export function countsOf(written: Readonly<Record<string, WrittenCounts>>): Readonly<Record<string, Counts>> | string {
  const all: [string, Counts][] = [];
  for (const [metric, { count, events, sum, buckets }] of Object.entries(written)) {
    const kinds = [events, sum, buckets].filter((each) => each !== undefined).length;
    if (kinds !== 1) return `${metric} has a count with ${kinds === 0 ? 'none' : 'several'} of events, sum and buckets`;
    if (events !== undefined && events > count) return `${metric} has ${events} events of ${count}`;
    const counts =
      events !== undefined
        ? ratioCounts(events, count)
        : sum !== undefined
          ? meanCounts(sum, count)
          : histogramCounts([...spread(buckets), { upTo: Number.POSITIVE_INFINITY, value: count }]);
    if (counts !== undefined) all.push([metric, counts]);
  }
  return Object.fromEntries(all);
}

function spread(buckets: WrittenCounts['buckets'] = []) {
  return buckets.map(({ upTo, count }) => ({ upTo, value: count }));
}
