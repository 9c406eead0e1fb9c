import * as z from 'zod';
import { SourceError } from '../../errors.js';
import { countsInCells, countsOf, isCountColumn } from './count-columns.js';
import { parseCsv } from './csv.js';
import type { WindowRow } from './window-row.js';

/** What a text is written in. */
export type Format = 'csv' | 'json';

const words = ['release', 'version'] as const;
const counts = ['requests', 'errors', 'latencySum'] as const;
const needed = ['end', 'version', ...counts] as const;

/** A column of a bucket: the requests that took at most so many milliseconds. */
const bucketColumn = /^upTo(\d+(?:\.\d+)?)$/;

/** Any other column is a gauge. */
const gaugeColumn = /^[A-Za-z_][\w.-]*$/;

/**
 * Reads the windows of a file.
 *
 * @param file as errors name it
 * @throws SourceError that names the line, or the place in the JSON, what is wrong there and what is allowed
 */
export function readRows(text: string, file: string, format: Format): WindowRow[] {
  return format === 'csv' ? fromCsv(text, file) : fromJson(text, file);
}

function fromCsv(text: string, file: string): WindowRow[] {
  const records = parseCsv(text.replace(/^\ufeff/, ''));
  if ('open' in records) throw refused(`${file}:${records.open}`, 'a quote does not end');
  const [header, ...rest] = records;
  const columns = (header?.cells ?? []).map((cell) => cell.trim());
  const first = `${file}:${header?.line ?? 1}`;
  const absent = needed.filter((name) => !columns.includes(name));
  if (absent.length > 0) throw refused(first, `there is no column ${absent.join(', ')}`);
  const odd = columns.find(
    (name, i) => columns.indexOf(name) !== i || ![isCountColumn, isBucket, isGauge].some((is) => is(name)),
  );
  if (odd !== undefined) throw refused(first, `${show(odd)} is no name of a column, or that of two`);
  return rest.map(({ line, cells }) => {
    const place = `${file}:${line}`;
    if (cells.length !== columns.length) throw refused(place, `${cells.length} cells for ${columns.length} columns`);
    return rowOf(new Map(columns.map((name, i) => [name, cells[i]?.trim() ?? ''])), place);
  });
}

function isBucket(name: string): boolean {
  return bucketColumn.test(name);
}

function isGauge(name: string): boolean {
  return gaugeColumn.test(name);
}

/** An empty cell is nothing that is known. */
function rowOf(cells: ReadonlyMap<string, string>, place: string): WindowRow {
  const text = (name: string) => cells.get(name) || undefined;
  const rest = [...cells].filter(([name, cell]) => cell !== '' && !isOwn(name) && !isCountColumn(name));
  const numbers = rest.map(([name, cell]) => {
    if (cell === 'NaN' || Number.isFinite(Number(cell))) return { name, cell };
    throw refused(place, `${name} is ${show(cell)}, which is no number`);
  });
  const custom = countsInCells(cells);
  if (typeof custom === 'string') throw refused(place, custom);
  return {
    place,
    custom,
    release: text('release'),
    version: text('version') ?? fail(place, 'it names no version'),
    end: endOf(text('end') ?? '', place),
    requests: text('requests'),
    errors: text('errors'),
    latencySum: text('latencySum'),
    buckets: numbers.flatMap(({ name, cell }) => {
      const upTo = bucketColumn.exec(name)?.[1];
      return upTo === undefined ? [] : [{ upTo: Number(upTo), value: cell }];
    }),
    gauges: Object.fromEntries(
      numbers
        .filter(({ name, cell }) => !bucketColumn.test(name) && cell !== 'NaN')
        .map(({ name, cell }) => [name, Number(cell)]),
    ),
  };
}

function isOwn(name: string): boolean {
  return [...words, ...counts, 'end'].some((each) => each === name);
}

/** Beyond it counts are not exact, and sums overflow. */
const Amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

const Row = z.strictObject({
  end: z.union([z.number(), z.string()]),
  release: z.string().min(1).optional(),
  version: z.string().min(1),
  requests: z.number().nullable(),
  errors: z.number().nullable(),
  latencySum: z.number().nullable(),
  latencyBuckets: z.array(z.strictObject({ upTo: z.number().positive(), requests: z.number() })).default([]),
  gauges: z.record(z.string(), z.number()).default({}),
  custom: z
    .record(
      z.string(),
      z.strictObject({
        count: Amount,
        events: Amount.optional(),
        sum: Amount.optional(),
        buckets: z.array(z.strictObject({ upTo: z.number(), count: Amount })).optional(),
      }),
    )
    .default({}),
});

function fromJson(text: string, file: string): WindowRow[] {
  const data = parseJson(text, file);
  const rows = z.array(Row).safeParse(data);
  if (!rows.success) {
    const [issue] = rows.error.issues;
    throw refused(`${file} ${z.core.toDotPath(issue?.path ?? [])}`, issue?.message ?? '');
  }
  return rows.data.map((row, i) => {
    const place = `${file} [${i}]`;
    const written = (value: number | null) => (value === null ? undefined : `${value}`);
    const { release, version, gauges } = row;
    const custom = countsOf(row.custom);
    if (typeof custom === 'string') throw refused(place, custom);
    return {
      custom,
      ...{ place, release, version, gauges, end: endOf(`${row.end}`, place) },
      requests: written(row.requests),
      errors: written(row.errors),
      latencySum: written(row.latencySum),
      buckets: row.latencyBuckets.map(({ upTo, requests }) => ({ upTo, value: `${requests}` })),
    };
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(file, 'it is no JSON');
  }
}

/** Unix seconds, or a time with its zone. */
function endOf(text: string, place: string): number {
  const isTime = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text);
  const end = isTime ? Date.parse(text) / 1000 : /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(end)) return end;
  throw refused(place, `end is ${show(text)}, which is neither Unix seconds nor a time such as 2026-11-21T17:22:00Z`);
}

function fail(place: string, what: string): never {
  throw refused(place, what);
}

function refused(path: string, what: string): SourceError {
  return new SourceError(`Cannot read the windows of a file as figures of versions: ${what}`, {
    code: 'source/bad-file',
    path,
    hint: `It has ${needed.join(', ')}, and may have release, buckets such as upTo100 (latencyBuckets in JSON), counts such as checkout:count and checkout:events (custom in JSON), and other numbers.`,
  });
}

function show(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
